#include "base/err.h"

#include <string.h>

static const struct {
	int status;
	const char *type;
	const char *nb, *nn, *en;
} errors[ERR__MAX] = {
	[OK] = { 200, "ok", "I orden", "I orden", "OK" },
	[ERR_INVALID] = { 400, "invalid", "Noe i forespørselen er feil",
			  "Noko i førespurnaden er feil", "Something in the request is wrong" },
	[ERR_UNAUTHORIZED] = { 401, "unauthorized", "Du er ikke logget inn",
			       "Du er ikkje logga inn", "You are not logged in" },
	[ERR_FORBIDDEN] = { 403, "forbidden", "Du har ikke tilgang til dette",
			    "Du har ikkje tilgang til dette", "You may not do this" },
	[ERR_NOT_FOUND] = { 404, "not-found", "Det finnes ikke", "Det finst ikkje",
			    "It does not exist" },
	[ERR_METHOD] = { 405, "method-not-allowed", "Det kan ikke gjøres her",
			 "Det kan ikkje gjerast her", "That cannot be done here" },
	[ERR_CONFLICT] = { 409, "conflict", "Noen har endret dette i mellomtiden",
			   "Nokon har endra dette i mellomtida",
			   "Somebody changed this in the meantime" },
	[ERR_GONE] = { 410, "gone", "Det finnes ikke lenger", "Det finst ikkje lenger",
		       "It no longer exists" },
	[ERR_PRECONDITION] = { 412, "precondition", "Forutsetningen er ikke oppfylt",
			       "Føresetnaden er ikkje oppfylt", "A precondition is not met" },
	[ERR_TOO_LARGE] = { 413, "too-large", "Det er for stort", "Det er for stort",
			    "It is too large" },
	[ERR_MEDIA_TYPE] = { 415, "media-type", "Denne filtypen tas ikke imot",
			     "Denne filtypen blir ikkje teken imot", "This type is not accepted" },
	[ERR_UNPROCESSABLE] = { 422, "unprocessable", "Det lar seg ikke gjøre",
				"Det lèt seg ikkje gjere", "It cannot be done" },
	[ERR_CHECKSUM] = { 460, "checksum", "Innholdet kom ikke fram som det ble sendt",
			   "Innhaldet kom ikkje fram slik det vart sendt",
			   "The contents did not arrive as they were sent" },
	[ERR_FRAMING] = { 422, "framing", "Forespørselen er ugyldig HTTP",
			  "Førespurnaden er ugyldig HTTP", "The request is not valid HTTP" },
	[ERR_TOO_MANY] = { 429, "too-many", "For mange forsøk", "For mange forsøk",
			   "Too many attempts" },
	[ERR_UPGRADE] = { 426, "upgrade", "Appen er for gammel", "Appen er for gammal",
			  "The app is too old" },
	[ERR_BUSY] = { 503, "busy", "Systemet er opptatt, prøv igjen",
		       "Systemet er oppteke, prøv igjen", "The system is busy, try again" },
	[ERR_INTERNAL] = { 500, "internal", "Noe gikk galt hos oss", "Noko gjekk gale hos oss",
			   "Something went wrong on our side" },
};

int err_status(enum err e)
{
	return errors[e].status;
}

const char *err_type(enum err e)
{
	return errors[e].type;
}

const char *err_title(enum err e, const char *language)
{
	if (language && !strcmp(language, "en"))
		return errors[e].en;
	if (language && !strcmp(language, "nn"))
		return errors[e].nn;
	return errors[e].nb;
}

enum err err_from_sqlstate(const char *state)
{
	static const struct {
		const char *prefix;
		enum err e;
	} map[] = {
		{ "FD400", ERR_INVALID },   { "FD401", ERR_UNAUTHORIZED },
		{ "FD403", ERR_FORBIDDEN }, { "FD404", ERR_NOT_FOUND },
		{ "FD409", ERR_CONFLICT },  { "FD410", ERR_GONE },
		{ "23505", ERR_CONFLICT },  { "23503", ERR_CONFLICT },
		{ "23P01", ERR_CONFLICT },  { "23", ERR_INVALID },
		{ "22", ERR_INVALID },      { "42501", ERR_FORBIDDEN },
		{ "40", ERR_BUSY },         { "53", ERR_BUSY },
		{ "55P03", ERR_BUSY },      { "57", ERR_BUSY },
		{ "08", ERR_BUSY },         { "25P03", ERR_BUSY },
		{ "25006", ERR_BUSY }, /* a standby */
		{ "28", ERR_BUSY },
	};

	/* No state at all is a lost connection. */
	if (!state || !state[0])
		return ERR_BUSY;
	for (size_t i = 0; i < sizeof(map) / sizeof(map[0]); i++)
		if (!strncmp(state, map[i].prefix, strlen(map[i].prefix)))
			return map[i].e;
	return ERR_INTERNAL;
}
