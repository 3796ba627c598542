#include "prng.h"

#include <assert.h>

static uint64_t mix(uint64_t z)
{
	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

uint64_t prng_next(struct prng *p)
{
	p->state += UINT64_C(0x9e3779b97f4a7c15);
	return mix(p->state);
}

struct prng prng_of(uint64_t seed, uint32_t stream, uint64_t index)
{
	struct prng p = { mix(seed + UINT64_C(0x9e3779b97f4a7c15)) };

	p.state = mix(p.state ^ ((uint64_t)stream << 48)) ^ mix(index + 1);
	return p;
}

int prng_below(struct prng *p, int n)
{
	assert(n > 0);
	return (int)(((prng_next(p) >> 32) * (uint64_t)n) >> 32);
}

int prng_range(struct prng *p, int low, int high)
{
	return low + prng_below(p, high - low + 1);
}

bool prng_chance(struct prng *p, int percent)
{
	return prng_below(p, 100) < percent;
}

double prng_real(struct prng *p, double low, double high)
{
	return low + (high - low) * (double)(prng_next(p) >> 11) * 0x1p-53;
}

int prng_weighted(struct prng *p, const int *weights, int n)
{
	int sum = 0, draw;

	for (int i = 0; i < n; i++)
		sum += weights[i];
	draw = prng_below(p, sum);
	for (int i = 0; i < n; i++) {
		draw -= weights[i];
		if (draw < 0)
			return i;
	}
	return n - 1;
}
