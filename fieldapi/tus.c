#include "fieldapi/tus.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "base/base64.h"
#include "base/str.h"

static const struct {
	const char *name;
	size_t size;
	const EVP_MD *(*algorithm)(void);
} algorithms[] = {
	[TUS_SHA1] = { "sha1", 20, EVP_sha1 },
	[TUS_SHA256] = { "sha256", 32, EVP_sha256 },
};

bool tus_number(const char *text, uint64_t *out)
{
	uint64_t n = 0;

	if (!text || !text[0])
		return false;
	for (; *text; text++) {
		uint64_t digit = (uint64_t)(*text - '0');

		if (!is_digit(*text) || n > ((uint64_t)INT64_MAX - digit) / 10)
			return false;
		n = n * 10 + digit;
	}
	*out = n;
	return true;
}

static struct str trim(struct str text)
{
	while (text.length && text.at[0] == ' ') {
		text.at++;
		text.length--;
	}
	while (text.length && text.at[text.length - 1] == ' ')
		text.length--;
	return text;
}

/* Printable ASCII, no blank and no comma: it goes into a header again. */
static bool is_key(struct str key)
{
	for (size_t i = 0; i < key.length; i++)
		if (key.at[i] <= ' ' || key.at[i] > '~' || key.at[i] == ',')
			return false;
	return key.length > 0;
}

static bool is_sha256(const unsigned char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (!text[i] || !strchr("0123456789abcdef", text[i]))
			return false;
	return length == 64;
}

static const char *read_value(struct str key, struct str value, struct tus_metadata *out)
{
	unsigned char bytes[TUS_METADATA_MAX];
	char text[TUS_METADATA_MAX + 1];
	size_t length;

	memcpy(text, value.at, value.length);
	text[value.length] = '\0';
	length = base64_decode(text, bytes, sizeof(bytes));
	if (memchr(text, '\0', value.length) || !length)
		return "Upload-Metadata: a value is not base64";
	if (!str_equals(key, STR("sha256")))
		return NULL;
	if (!is_sha256(bytes, length))
		return "Upload-Metadata: sha256 is 64 hexadecimal digits in lower case";
	memcpy(out->sha256, bytes, length);
	return NULL;
}

static void append(struct tus_metadata *out, size_t *at, struct str text, const char *mark)
{
	if (*at && mark)
		out->text[(*at)++] = mark[0];
	memcpy(out->text + *at, text.at, text.length);
	*at += text.length;
	out->text[*at] = '\0';
}

enum err tus_metadata_read(const char *header, struct tus_metadata *out, const char **said)
{
	struct str rest = str_of(header), keys[TUS_KEYS_MAX];
	size_t at = 0;
	int count = 0;

	memset(out, 0, sizeof(*out));
	*said = "Upload-Metadata is too long";
	if (rest.length > TUS_METADATA_MAX)
		return ERR_TOO_LARGE;
	if (!rest.length)
		rest.at = NULL;
	while (rest.at) {
		struct str value = trim(str_cut(&rest, ',')), key = str_cut(&value, ' ');

		value = value.at ? trim(value) : value;
		*said = "Upload-Metadata: a key is missing or holds what no key may";
		if (!is_key(key))
			return ERR_INVALID;
		*said = "Upload-Metadata: too many keys, or one twice";
		for (int i = 0; i < count; i++)
			if (str_equals(keys[i], key))
				return ERR_INVALID;
		if (count == TUS_KEYS_MAX)
			return ERR_INVALID;
		keys[count++] = key;
		if (value.length && (*said = read_value(key, value, out)))
			return ERR_INVALID;
		append(out, &at, key, ",");
		if (value.length)
			append(out, &at, value, " ");
	}
	*said = NULL;
	return OK;
}

enum err tus_checksum_read(const char *header, struct tus_checksum *out)
{
	struct str value = str_of(header), name = str_cut(&value, ' ');
	unsigned char bytes[TUS_DIGEST_MAX + 1];

	memset(out, 0, sizeof(*out));
	if (!value.at || strlen(value.at) != value.length)
		return ERR_INVALID;
	for (int i = TUS_SHA1; i <= TUS_SHA256; i++) {
		EVP_MD_CTX *digest;

		if (!str_equals(name, str_of(algorithms[i].name)))
			continue;
		if (base64_decode(value.at, bytes, sizeof(bytes)) != algorithms[i].size)
			return ERR_INVALID;
		memcpy(out->want, bytes, algorithms[i].size);
		digest = EVP_MD_CTX_new();
		if (!digest || !EVP_DigestInit_ex(digest, algorithms[i].algorithm(), NULL))
			abort();
		out->algorithm = i == TUS_SHA1 ? TUS_SHA1 : TUS_SHA256;
		out->digest = digest;
		return OK;
	}
	return ERR_INVALID;
}

void tus_checksum_add(struct tus_checksum *c, const void *bytes, size_t length)
{
	if (c->digest)
		EVP_DigestUpdate(c->digest, bytes, length);
}

bool tus_checksum_is_right(struct tus_checksum *c)
{
	unsigned char found[EVP_MAX_MD_SIZE];

	if (!c->digest)
		return true;
	EVP_DigestFinal_ex(c->digest, found, NULL);
	return !CRYPTO_memcmp(found, c->want, algorithms[c->algorithm].size);
}

void tus_checksum_end(void *checksum)
{
	struct tus_checksum *c = checksum;

	EVP_MD_CTX_free(c->digest);
	c->digest = NULL;
}
