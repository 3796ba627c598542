#include "importers/reader_xml.h"

#include "importers/charset.h"

#include <libxml/SAX2.h>
#include <libxml/encoding.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlerror.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PIECE = 64 * 1024 };

struct parsing {
	const struct tree_sink *sink;
	xmlParserCtxtPtr parser;
	const char *fault;
	bool is_stopped; /* by the sink */
	char *said;
	size_t size;
	char *decoded; /* an attribute's value without its character references */
	size_t decoded_size;
};

static void stop(struct parsing *p, const char *fault)
{
	if (!p->fault && !p->is_stopped) {
		p->fault = fault;
		p->is_stopped = !fault;
	}
	xmlStopParser(p->parser);
}

static void on_open(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
		    int ns_count, const xmlChar **ns, int count, int defaulted,
		    const xmlChar **values)
{
	struct tree_attribute attributes[TREE_ATTRIBUTES_MAX];
	xmlParserCtxtPtr parser = context;
	struct parsing *p = parser->_private;
	size_t n = 0;

	(void)prefix;
	(void)uri;
	(void)ns_count;
	(void)ns;
	(void)defaulted;
	if (count > TREE_ATTRIBUTES_MAX) {
		stop(p, "attributes");
		return;
	}
	for (int i = 0; i < count; i++) {
		const char *from = (const char *)values[5 * i + 3];

		attributes[n].name = str_of((const char *)values[5 * i]);
		attributes[n++].value =
			(struct str){ from, (size_t)((const char *)values[5 * i + 4] - from) };
	}
	if (!p->sink->open(p->sink->context, str_of((const char *)name), attributes, n))
		stop(p, NULL);
}

static void on_close(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
	xmlParserCtxtPtr parser = context;
	struct parsing *p = parser->_private;

	(void)name;
	(void)prefix;
	(void)uri;
	if (!p->sink->close(p->sink->context))
		stop(p, NULL);
}

static void on_text(void *context, const xmlChar *text, int length)
{
	xmlParserCtxtPtr parser = context;
	struct parsing *p = parser->_private;

	if (!p->sink->text(p->sink->context, (struct str){ (const char *)text, (size_t)length }))
		stop(p, NULL);
}

/* The first word of <!DOCTYPE …>, before anything in it is read. */
static void on_doctype(void *context, const xmlChar *name, const xmlChar *id, const xmlChar *system)
{
	xmlParserCtxtPtr parser = context;

	(void)name;
	(void)id;
	(void)system;
	stop(parser->_private, "doctype");
}

/* An entity that is not one of XML's own five. */
static void on_reference(void *context, const xmlChar *name)
{
	xmlParserCtxtPtr parser = context;

	(void)name;
	stop(parser->_private, "doctype");
}

static void on_error(void *context, xmlErrorPtr error)
{
	xmlParserCtxtPtr parser = context;
	struct parsing *p = parser->_private;

	if (error->level < XML_ERR_ERROR || p->is_stopped || p->fault)
		return;
	snprintf(p->said, p->size, "%d: %s", error->line, error->message ? error->message : "");
	/* A namespace that is not declared is told as an error, but costs us nothing. */
	if (error->domain == XML_FROM_NAMESPACE)
		return;
	p->fault = error->code == XML_ERR_NO_MEMORY ? "memory" : "library";
}

static int from_1252(unsigned char *to, int *room, const unsigned char *from, int *length)
{
	int used = 0, made = 0;

	while (used < *length && made + 3 <= *room) {
		size_t n = charset_from_1252(from[used], (char *)to + made);

		if (n == 0) { /* a byte without meaning: U+FFFD */
			to[made] = 0xef;
			to[made + 1] = 0xbf;
			to[made + 2] = 0xbd;
			n = 3;
		}
		made += (int)n;
		used++;
	}
	*room = made;
	*length = used;
	return made;
}

/* Windows-1252 would else be iconv's, whose tables are files that the prison does not open. */
static void know_encodings(void)
{
	static bool is_done;

	if (is_done)
		return;
	is_done = true;
	xmlInitParser();
	xmlNewCharEncodingHandler("WINDOWS-1252", from_1252, NULL);
	xmlNewCharEncodingHandler("CP1252", from_1252, NULL);
}

static void feed(struct parsing *p, struct source *s)
{
	char *piece = malloc(PIECE);
	int error = 0;
	size_t n = 1;

	if (!piece)
		abort();
	while (n && !p->fault && !p->is_stopped) {
		n = source_fill(s, piece, PIECE);
		error = xmlParseChunk(p->parser, piece, (int)n, n == 0);
		if (s->fault)
			p->fault = s->fault;
	}
	if (error && !p->parser->wellFormed && !p->fault && !p->is_stopped)
		p->fault = "library";
	free(piece);
}

const char *xml_read(struct source *s, const struct tree_sink *sink, char *said, size_t size)
{
	xmlSAXHandler handler = {
		.initialized = XML_SAX2_MAGIC,
		.startElementNs = on_open,
		.endElementNs = on_close,
		.characters = on_text,
		.cdataBlock = on_text,
		.ignorableWhitespace = on_text,
		.internalSubset = on_doctype,
		.reference = on_reference,
		.serror = on_error,
	};
	struct parsing p = { .sink = sink, .said = said, .size = size };

	know_encodings();
	said[0] = '\0';
	p.parser = xmlCreatePushParserCtxt(&handler, NULL, NULL, 0, NULL);
	if (!p.parser)
		return "memory";
	p.parser->_private = &p;
	xmlCtxtUseOptions(p.parser, XML_PARSE_NONET | XML_PARSE_COMPACT);
	feed(&p, s);
	xmlFreeParserCtxt(p.parser);
	return p.fault;
}
