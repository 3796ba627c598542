/* Any text as a proof, as it came and as claims that the right key has signed; and any text as a
 * key. Nothing that was not signed is good, and what is good says what it must. */
#include "auth/token.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jwt.h>

enum { NOW = 1800000000, CLAIMS_MAX = 600 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static const char id[] = "01941f29-7c00-78cd-9dd9-000000000000";

/* Made for this file; opens nothing. */
static const char secret[] = "-----BEGIN PRIVATE KEY-----\n"
			     "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgvTswbXEWV+6ycnzB\n"
			     "WdxTi/mbha/0Gjv1384A5PNuM7KhRANCAAReb1e5pDyEJMMw/gdwbXcArbJxYZo8\n"
			     "Ww6dzQDioI5udxZQbkKg+3eeiYxykTRL84KLIbO8McFV6/xzUg2jVAKg\n"
			     "-----END PRIVATE KEY-----\n";
static const char key[] =
	"BF5vV7mkPIQkwzD-B3BtdwCtsnFhmjxbDp3NAOKgjm53FlBuQqD7d56JjHKRNEvzgoshs7wxwVXr_HNSDaNUAqA";

static void check_signed(const char *claims)
{
	struct proof proof;
	jwt_t *jwt = NULL;
	char *token = NULL;

	if (!jwt_new(&jwt) && !jwt_add_grants_json(jwt, claims) &&
	    !jwt_set_alg(jwt, JWT_ALG_ES256, (const unsigned char *)secret, (int)strlen(secret)))
		token = jwt_encode_str(jwt);
	if (token && proof_check(token, key, id, "token", NOW, &proof) == PROOF_GOOD &&
	    (proof.expires_at - proof.issued_at > PROOF_SECONDS || proof.issued_at > NOW + 60 ||
	     strlen(proof.id) != PROOF_ID_MAX - 1))
		abort();
	free(token);
	jwt_free(jwt);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	char *text = malloc(length + 1);
	struct proof proof;

	memcpy(text, bytes, length);
	text[length] = '\0';
	/* Only who has the secret can make one that is not bad: «e30» is no subject of ours. */
	if (proof_check(text, key, "e30", "token", NOW, &proof) != PROOF_BAD)
		abort();
	proof_key_is_good(text);
	if (strlen(text) <= CLAIMS_MAX)
		check_signed(text);
	free(text);
	return 0;
}
