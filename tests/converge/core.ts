// The tablets' own core, as the app has it; a copy with a seeded bug when FDVU_SYNC_CORE says where.
import { join } from 'node:path';
import { root } from '../integration/harness.ts';

type Of<Name extends string> = Name extends 'memory' ? typeof import('../../web/field/sync/memory.ts')
  : Name extends 'outbox' ? typeof import('../../web/field/sync/outbox.ts')
  : Name extends 'state' ? typeof import('../../web/field/sync/state.ts')
  : Name extends 'syncer' ? typeof import('../../web/field/sync/syncer.ts')
  : Name extends 'view' ? typeof import('../../web/field/sync/view.ts')
  : Name extends 'digest' ? typeof import('../../web/field/sync/digest.ts')
  : Name extends 'lease' ? typeof import('../../web/field/sync/lease.ts')
  : Name extends 'device' ? typeof import('../../web/field/sync/device.ts')
  : Name extends 'uploads' ? typeof import('../../web/field/sync/uploads.ts')
  : typeof import('../../web/field/sync/api.ts');

const home = process.env.FDVU_SYNC_CORE ?? join(root, 'web/field/sync');
const load = <Name extends string>(name: Name): Promise<Of<Name>> => import(join(home, `${name}.ts`)) as Promise<Of<Name>>;

export const { MemoryStore, PowerLoss } = await load('memory');
export const { leavePerson } = await load('lease');
export const { record, isFinal, overlayOnly } = await load('outbox');
export const { putSyncState, setWho, syncState } = await load('state');
export const { Syncer } = await load('syncer');
export const { isAdded, list } = await load('view');
export const { Offline } = await load('api');
export const { Device } = await load('device');
export const { uploader } = await load('uploads');
export const { addTo, emptySum, rowDigest, told } = await load('digest');

export type { MemoryStore as Memory } from '../../web/field/sync/memory.ts';
export type { Credential } from '../../web/field/sync/device.ts';
export type { FilePart, Reply, Stop, SyncApi } from '../../web/field/sync/api.ts';
export type { Along, Change } from '../../web/field/sync/outbox.ts';
export type { Fields, Mutation, OutboxEntry, PullAnswer, StoredPhoto, StoredRow, Value } from '../../web/field/sync/types.ts';
