#include "leases/leases.h"

const struct route lease_routes[] = {
	{ "GET", "/api/v1/my/home", ROLE_TENANT, .query = Q_LEASE_HOME,
	  .summary = "The dwellings I rent" },
	{ 0 },
};
