/* The prison that the reader child reads in. libseccomp is known here only. */
#pragma once

#include <stdbool.h>

enum {
	LOCKDOWN_MEMORY_MIB = 1024,
	LOCKDOWN_CPU_S = 120,
};

/* From here on the process may use LOCKDOWN_MEMORY_MIB of address space and LOCKDOWN_CPU_S of
 * processor, can write no file, open none (EACCES), start nothing, reach no network and gain no
 * rights; any call beyond reading, writing and memory kills it. What it has open stays open. False
 * if any of it was refused. */
bool lockdown(void);

/* Whether it has used that much memory: the limit itself makes allocations fail, which a library
 * may pass over in silence. */
bool lockdown_is_over_memory(void);
