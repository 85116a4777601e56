"""The forty first names and sixty surnames of the measured data set, half of them accented."""

# ruff: noqa: SIM905 (names are read more easily as text)
GIVEN = """
Lucía Carmen Ana Isabel Marina Elena Begoña Inés Rosa Maite Sofía Teresa Raquel Noelia Pilar
Beatriz Irene Nuria Ángela Yolanda Javier Manuel José Luis Andrés Íñigo Gonzalo Ramón Sergio
Álvaro Martín William Emily James Charlotte Oliver Harriet Thomas Olivia George
""".split()
SURNAMES = """
García Fernández Martínez Núñez Peña Iglesias Otero Arana Zabaleta Ruiz Ortega Molina Castaño
Muñoz Vázquez Prieto Marín Carrasco Nieto Calvo Rubio Sanz Aguirre Larrañaga Serrano Ibáñez Cano
Bravo Pardo Redondo Campos Vega Moya Santos Lorenzo Pascual Cortés Rico Hernández Juárez Mendoza
Escalante Cárdenas Villaseñor Ríos Treviño Ferreira Nogueira Carvalho Whitfield Ashcroft
Hargreaves Pemberton Thornbury Williams Johnson Brown Wilson Taylor Davies
""".split()
CITIES = """
Madrid Barcelona Valencia Sevilla Zaragoza Málaga Murcia Bilbao Valladolid Córdoba Vigo Gijón
Granada Burgos León Cádiz
""".split()
