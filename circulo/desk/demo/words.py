"""What people say and write in the daily business of the demo firm."""

from circulo.desk.demo.tell import Text

ORDER: list[Text] = [
    ("Pedido {order}", "{goods}. Total {total}. Entrega en la dirección habitual."),
    ("Pedido {order}", "{goods}. Total {total}. Piden entrega antes de las 11 h."),
    ("Pedido {order}", "{goods}. Total {total}."),
]
PAYMENT: list[Text] = [
    ("Cobro de {order}", "Transferencia de {total} recibida y conciliada."),
    ("Cobro de {order}", "Recibo domiciliado de {total} atendido."),
]
DELIVERED: list[Text] = [
    ("Entrega de {order}", "{boxes} cajas entregadas y albarán firmado."),
    ("Entrega de {order}", "Entregado en almacén, {boxes} cajas, sin incidencias."),
]
RETURN: list[Text] = [
    (
        "Devolución parcial de {order}",
        "Devuelven 1 caja de {first}: golpe en el transporte. Se abona en la próxima factura.",
    ),
    ("Devolución parcial de {order}", "1 caja de {first} con el lote equivocado. Recogida mañana."),
]
CALL_ORDER: list[Text] = [
    (
        "Reposición",
        "Me pasa el pedido {order} por teléfono. Todo como la última vez y algo más de {first}.",
    ),
    ("Pedido por teléfono", "{given} encarga {goods}. Le confirmo entrega en 48 horas."),
    ("Llamada de seguimiento", "Le queda poca existencia. Cierra el pedido {order} por {total}."),
]
CALL: list[Text] = [
    (
        "Llamada de seguimiento",
        "Contento con la rotación. Prefiere que le llame el lunes para el pedido.",
    ),
    (
        "Precio para grupo de 80 cubiertos",
        "Pregunta por precio especial para un banquete. Le envío tarifa esta tarde.",
    ),
    ("No contesta", "Buzón de voz. Dejo recado y vuelvo a llamar mañana."),
    (
        "Consulta sobre la añada",
        "Quiere saber cuándo llega el Crianza nuevo. Le digo que en marzo.",
    ),
    (
        "Cambio de horario de reparto",
        "A partir del mes que viene reciben solo por la mañana. Aviso a logística.",
    ),
    ("Forma de pago", "Pide pasar de 30 a 60 días. Lo consulto con Administración."),
    ("Presentación de novedades", "Le cuento la alcachofa en aceite. Le interesa, mando muestra."),
]
EMAIL_OUT: list[Text] = [
    (
        "Tarifa actualizada",
        "Buenos días, {given}:\n\nTe adjunto la tarifa de este trimestre. Los precios del "
        "Roble no cambian. Cualquier duda me dices.\n\nUn saludo",
    ),
    (
        "Muestras en camino",
        "Hola, {given}:\n\nHoy salen dos botellas de Verdejo La Veleta y un frasco de "
        "piquillos para que los probéis en cocina.\n\nUn saludo",
    ),
    (
        "Resumen de nuestra conversación",
        "Buenas tardes, {given}:\n\nTal como hablamos, mantenemos el descuento del 5 % a "
        "partir de 20 cajas hasta fin de año.\n\nGracias y un saludo",
    ),
    (
        "Factura de {month}",
        "Buenos días:\n\nLe enviamos la factura del mes. Quedamos a su "
        "disposición.\n\nAdministración, La Espadaña",
    ),
]
EMAIL_IN: list[Text] = [
    (
        "Pedido para la semana",
        "Hola:\n\nPara esta semana necesitamos {goods}. ¿Puede ser para el "
        "jueves?\n\nGracias,\n{given}",
    ),
    (
        "Re: Tarifa actualizada",
        "Gracias por la tarifa. ¿Hay algo que se pueda hacer con el precio del Crianza si "
        "subimos a 40 cajas?\n\n{given}",
    ),
    (
        "Ficha técnica y alérgenos",
        "Buenos días:\n\nNos piden las fichas técnicas con alérgenos de los piquillos y del "
        "bonito. ¿Me las podéis mandar?\n\nSaludos,\n{given}",
    ),
    (
        "Datos de facturación",
        "Hola, hemos cambiado de banco. Os mando el nuevo mandato firmado.\n\n{given}",
    ),
]
VISIT: list[Text] = [
    (
        "Visita comercial",
        "Cata de Roble y Crianza con el equipo de sala. Gustó más el Crianza; lo ponen por "
        "copas a partir del mes que viene.",
    ),
    (
        "Visita al almacén",
        "Reviso caducidades y rotación. Queda hueco para espárragos en el lineal.",
    ),
    (
        "Visita comercial",
        "Estaban con servicio y no pude hablar mucho. Dejo muestras y vuelvo en dos semanas.",
    ),
    (
        "Visita y firma de condiciones",
        "Cerramos condiciones para el año: rápel del 3 % a partir de 12.000 €.",
    ),
]
MEETING: list[Text] = [
    (
        "Reunión de planificación",
        "Repasamos el año con {given}: qué referencias crecen y cuáles quitar. Acordamos "
        "surtido y calendario de promociones.",
    ),
    ("Reunión con compras", "Piden exclusiva del Reserva en su zona. Se lo llevo a Dirección."),
]
NOTE: list[Text] = [
    ("Preferencias", "Valora que le llamen antes de las 11. Nunca en hora de servicio."),
    (
        "Competencia",
        "Han probado la conserva de otra marca más barata, pero el cliente vuelve a pedir la "
        "nuestra.",
    ),
    ("Para recordar", "Su hija empieza a llevar las compras. Presentarse en la próxima visita."),
    ("Riesgo de cobro", "El último recibo llegó con dos semanas de retraso. Vigilar."),
]
DOCUMENT: list[Text] = [
    ("Condiciones comerciales firmadas", "Contrato anual con rápel y plazos. Vence en doce meses."),
    ("Certificado de origen", "Enviado con la mercancía a petición del cliente."),
]
FAX: list[Text] = [
    ("Pedido por fax", "Llega por fax el pedido {order}: {goods}. Sellado por Economato."),
]
CASE: list[Text] = [
    (
        "Caso: botella con corcho defectuoso",
        "Avisa de dos botellas con sabor a corcho. Se reponen con el próximo pedido. "
        "Resuelto en el día.",
    ),
    (
        "Caso: falta una caja",
        "En el albarán figuraba una caja más de la recibida. Comprobado con el "
        "transportista; se envía hoy.",
    ),
    (
        "Caso: factura duplicada",
        "Recibió dos veces la misma factura. Anulada la segunda, enviado abono.",
    ),
]
ENGLISH_OUT: list[Text] = [
    (
        "Spring price list",
        "Dear {given},\n\nPlease find our new export price list. Prices are ex works "
        "Valladolid; we can quote DAP on request.\n\nKind regards,\nIgnacio",
    ),
    (
        "Shipping documents for {order}",
        "Dear {given},\n\nYour order left this morning, {boxes} cases on two pallets. The "
        "CMR and the certificate of origin are attached.\n\nBest wishes,\nIgnacio",
    ),
]
ENGLISH_IN: list[Text] = [
    (
        "Order for next month",
        "Hello Ignacio,\n\nPlease book {goods} for our next consolidation. Same forwarder as "
        "last time.\n\nMany thanks,\n{given}",
    ),
    (
        "Back labels",
        "Hi Ignacio,\n\nCould the back labels carry the importer address from the next "
        "bottling on? Artwork to follow.\n\nBest,\n{given}",
    ),
    (
        "Tasting went well",
        "Dear Ignacio,\n\nThe Crianza was the favourite of the evening. We would like "
        "another six cases if you can spare them.\n\nRegards,\n{given}",
    ),
]
ENGLISH_CALL: list[Text] = [
    (
        "Call about the next shipment",
        "Wants delivery before the 20th. Asked whether the rosé travels well in summer; "
        "offered refrigerated transport.",
    ),
    (
        "Monthly call",
        "Sell-out is good in the city shops, slow outside. Agreed to send 24 samples for "
        "staff training.",
    ),
]
WEB_ORDER: list[Text] = [
    ("Compra en la tienda en línea: {order}", "{goods}. Total {total}. Pago con tarjeta."),
]
WEB_FORM: list[Text] = [
    (
        "Formulario: visita a la bodega",
        "Somos cuatro adultos y queríamos visitar la bodega un sábado por la mañana. ¿Qué "
        "horarios tenéis?",
    ),
    (
        "Formulario: dónde comprar",
        "¿Hay alguna tienda en {city} que tenga vuestros piquillos? Los probé en casa de "
        "unos amigos y me encantaron.",
    ),
    (
        "Formulario: alta en el club",
        "Quiero apuntarme al club de vinos y recibir la caja de cada estación.",
    ),
]
CHAT: list[Text] = [
    (
        "Chat: plazo de envío",
        "— ¿Si lo pido hoy llega el viernes?\n— Sí, saliendo hoy lo tiene el jueves o el "
        "viernes en {city}.\n— Perfecto, gracias.",
    ),
    (
        "Chat: cupón que no funciona",
        "— El código del boletín me da error.\n— Estaba en minúsculas; ya se lo he "
        "activado.\n— Ahora sí, gracias.",
    ),
]
SOCIAL: list[Text] = [
    (
        "Mención en redes",
        "«Las mejores pochas de lata que he probado, y soy de Tudela.» Respondido con las "
        "gracias y una receta.",
    ),
    ("Pregunta en redes", "Pregunta si el Verdejo es apto para veganos. Respondido que sí."),
]
REACTION: list[Text] = [
    ("Abrió el boletín de {month}", "Abrió el boletín y pulsó en la receta del mes."),
    ("Compró desde el boletín de {month}", "Entró en la tienda desde el boletín."),
]
ENGLISH_FORM: list[Text] = [
    (
        "Form: where to buy",
        "I tried your red peppers on holiday in Santander. Is there a shop in {city} that "
        "stocks them?",
    ),
    (
        "Form: delivery to the UK",
        "Do you deliver to private addresses in the UK, and what are the charges?",
    ),
]
MONTHS = ("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre",
          "octubre", "noviembre", "diciembre")  # fmt: skip
