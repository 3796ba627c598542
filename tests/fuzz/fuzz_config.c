/* Any bytes as the configuration file: they are taken whole, or refused with a sentence. */
#include "base/config.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	int fd = memfd_create("config", MFD_CLOEXEC);
	char path[32], said[8192] = "";
	FILE *err = fmemopen(said, sizeof(said), "w");
	struct config c;
	bool good;

	if (fd < 0 || !err || write(fd, bytes, length) != (ssize_t)length)
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	good = config_load(&c, path, err);
	fclose(err);
	close(fd);
	if (good == (said[0] != '\0'))
		abort();
	if (good && (c.port < 1 || c.port > 65535 || c.pool_size < 1 || !c.address || !c.log))
		abort();
	config_release(&c);
	return 0;
}
