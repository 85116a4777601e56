"""One print, in a process of its own that may take so much time and memory and no more.

Called by file, with nothing of Círculo around it: a job as JSON on standard input, the sheet on
standard output. It reads what lies in its own folder and the fonts, and nothing else.
"""

import json
import resource
import sys

import typst


def limit(seconds: int, megabytes: int) -> None:
    """Bind this process before it reads anything that people wrote."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> int:
    """Print; what typst refuses is told on standard error."""
    job = json.load(sys.stdin)
    limit(job["seconds"], job["megabytes"])
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=True, font_paths=job["fonts"]
    )
    compiler = typst.Compiler(
        root=job["root"],
        font_paths=fonts,
        ignore_system_fonts=True,
        package_path=job["root"],
        package_cache_path=job["root"],
    )
    is_pdf = job["format"] == "pdf"
    try:
        sheet = compiler.compile(
            input=job["input"],
            format=job["format"],
            ppi=job["ppi"],
            pdf_standards=["ua-1"] if is_pdf else [],
            timestamp=0,
        )
    except typst.TypstError as fault:
        sys.stderr.write("\n".join((str(fault), *fault.hints)))
        return 1
    first = sheet[0] if isinstance(sheet, list) else sheet
    sys.stdout.buffer.write(first or b"")
    return 0


if __name__ == "__main__":
    sys.exit(main())
