#include "matrikkel.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

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
