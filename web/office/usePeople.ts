import { useEffect, useState } from 'react';
import { api } from '../shared/api.ts';
import type { List, Person, Role } from '../shared/types.ts';

/** People with any of the roles (a constant list), each once, by name. Empty until they have come. */
export function usePeople(roles: readonly Role[]): Person[] {
  const [people, setPeople] = useState<Person[]>([]);
  const key = roles.join(',');

  useEffect(() => {
    const stop = new AbortController();
    const lists = key.split(',').map((role) => api<List<Person>>('GET', `/api/v1/people?role=${role}`, undefined, { signal: stop.signal }));
    Promise.all(lists)
      .then((found) => {
        const byId = new Map(found.flatMap((list) => list.items).map((person) => [person.id, person]));
        setPeople([...byId.values()].sort((a, b) => a.name.localeCompare(b.name, 'nb')));
      })
      .catch(() => {}); /* the select then shows only who is chosen already */
    return () => stop.abort();
  }, [key]);

  return people;
}
