#include "matrikkel.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#define PART_MAX 99999 /* five digits, as in the cadastre's own exchange formats */

static const char *skip_blanks(const char *p)
{
	return p + strspn(p, " \t");
}

/* Reads a number of 1-5 digits with blanks round it. Returns where it ends, NULL if there is none.
 */
static const char *read_part(const char *p, int *out)
{
	size_t n;
	int value = 0;

	p = skip_blanks(p);
	n = strspn(p, "0123456789");
	if (n < 1 || n > 5)
		return NULL;
	for (size_t i = 0; i < n; i++)
		value = value * 10 + (p[i] - '0');
	*out = value;
	return skip_blanks(p + n);
}

/* Reads «gnr/bnr[/fnr[/snr]]» or the same with dashes, to the end of the text. */
static bool read_numbers(const char *p, struct matrikkel *m)
{
	int *parts[] = { &m->gnr, &m->bnr, &m->fnr, &m->snr };
	char separator = 0;
	size_t n = 0;

	for (;;) {
		p = read_part(p, parts[n++]);
		if (!p)
			return false;
		if (*p == '\0')
			break;
		if (n == 4 || (*p != '/' && *p != '-') || (separator && *p != separator))
			return false;
		separator = *p++;
	}
	return n >= 2 && m->gnr >= 1 && m->bnr >= 1;
}

/* Reads «1505-» at the start. Returns what follows, or NULL if the text does not start so. */
static const char *read_municipality(const char *text, struct matrikkel *m)
{
	const char *p = skip_blanks(text), *after;
	size_t n = strspn(p, "0123456789");

	after = skip_blanks(p + n);
	if ((n != 3 && n != 4) || *after != '-')
		return NULL;
	memset(m->municipality_no, '0', 4);
	memcpy(m->municipality_no + 4 - n, p, n);
	m->municipality_no[4] = '\0';
	return after + 1;
}

bool matrikkel_parse(const char *text, const struct matrikkel_home *home, struct matrikkel *out)
{
	struct matrikkel m = { 0 };
	const char *p = read_municipality(text, &m);

	if (!p) {
		if (!home)
			return false;
		p = skip_blanks(text);
		if (home->name && *home->name && strncmp(p, home->name, strlen(home->name)) == 0)
			p += strlen(home->name);
		snprintf(m.municipality_no, sizeof(m.municipality_no), "%s", home->municipality_no);
	}
	if (!read_numbers(p, &m))
		return false;
	*out = m;
	return true;
}

void matrikkel_format(const struct matrikkel *m, char out[MATRIKKEL_TEXT_MAX])
{
	if (m->snr)
		matrikkel_format_full(m, out);
	else if (m->fnr)
		snprintf(out, MATRIKKEL_TEXT_MAX, "%s-%d/%d/%d", m->municipality_no, m->gnr, m->bnr,
			 m->fnr);
	else
		snprintf(out, MATRIKKEL_TEXT_MAX, "%s-%d/%d", m->municipality_no, m->gnr, m->bnr);
}

void matrikkel_format_full(const struct matrikkel *m, char out[MATRIKKEL_TEXT_MAX])
{
	snprintf(out, MATRIKKEL_TEXT_MAX, "%s-%d/%d/%d/%d", m->municipality_no, m->gnr, m->bnr,
		 m->fnr, m->snr);
}

bool hnumber_parse(const char *text, struct hnumber *out)
{
	struct hnumber h;

	if (strlen(text) != 5 || !strchr("KUHL", text[0]) || strspn(text + 1, "0123456789") != 4)
		return false;
	h.plane = text[0];
	h.storey = (text[1] - '0') * 10 + (text[2] - '0');
	h.sequence = (text[3] - '0') * 10 + (text[4] - '0');
	if (h.storey == 0 || h.sequence == 0)
		return false;
	*out = h;
	return true;
}

void hnumber_format(const struct hnumber *h, char out[6])
{
	assert(h->plane && strchr("KUHL", h->plane));
	assert(h->storey >= 1 && h->storey <= 99 && h->sequence >= 1 && h->sequence <= 99);
	out[0] = h->plane;
	out[1] = (char)('0' + h->storey / 10);
	out[2] = (char)('0' + h->storey % 10);
	out[3] = (char)('0' + h->sequence / 10);
	out[4] = (char)('0' + h->sequence % 10);
	out[5] = '\0';
}
