/** What the page knows: the simulator's state, the people, and who the visitor is at the moment. */

const REMEMBERED = "liudeng.simulator.actor";
export const ROLE_NAMES = { owner: "群主", admin: "管理员", member: "成员", bot: "机器人" };
const RANK = { owner: 0, admin: 1, bot: 1, member: 2 };

export class Store extends EventTarget {
  state = null;
  actorId = 0;
  peerId = 0;
  groupId = 0;
  /** @type {Map<number, object>} everybody known by number, named people first */
  people = new Map();
  #groupsOf = new Map();

  get botId() {
    return this.state?.self?.user_id ?? 0;
  }

  get botName() {
    return this.state?.self?.nickname || "留灯";
  }

  get actor() {
    return this.people.get(this.actorId) ?? null;
  }

  get peer() {
    return this.people.get(this.peerId) ?? null;
  }

  get group() {
    return this.state?.groups.find((group) => group.group_id === this.groupId) ?? null;
  }

  /** Takes a new state; the first one also tells which group to show. */
  setState(state) {
    this.state = state;
    for (const person of state.people) this.#learn(person, person.groups ?? []);
    this.groupId ||= state.groups[0]?.group_id ?? 0;
    this.#tell("state");
  }

  /** @param {number} groupId @param {object[]} members every member of that group */
  setMembers(groupId, members) {
    for (const member of members) this.#learn(member, [groupId]);
    this.#tell("people");
  }

  #learn(person, groups) {
    if (person.user_id === this.botId) return;
    const known = this.#groupsOf.get(person.user_id) ?? new Set();
    for (const group of groups) known.add(group);
    this.#groupsOf.set(person.user_id, known);
    this.people.set(person.user_id, { ...this.people.get(person.user_id), ...person });
  }

  /** Becomes who the visitor was last time, or else some ordinary member. */
  chooseActor() {
    const remembered = Number(recall(REMEMBERED));
    const actor = this.people.has(remembered) ? remembered : this.ordinaryMember()?.user_id;
    this.become(actor ?? this.moderators()[0]?.user_id ?? 0);
  }

  /** @returns {object|null} a member of the group, rather one to whom the scenario gives no lines */
  ordinaryMember() {
    const named = new Set(this.state.people.map((person) => person.user_id));
    const members = [...this.people.values()].filter((person) => person.role === "member" && this.isIn(person.user_id, this.groupId));
    return members.find((person) => !named.has(person.user_id)) ?? members[0] ?? null;
  }

  become(userId) {
    if (!this.people.has(userId)) return;
    this.actorId = userId;
    remember(REMEMBERED, String(userId));
    this.#tell("actor");
    this.look(userId);
  }

  /** Shows this person's private chat with the bot. */
  look(userId) {
    this.peerId = userId;
    this.#tell("peer");
  }

  enterGroup(groupId) {
    if (groupId === this.groupId) return;
    this.groupId = groupId;
    this.#tell("group");
  }

  isIn(userId, groupId) {
    return this.#groupsOf.get(userId)?.has(groupId) ?? false;
  }

  nameOf(userId) {
    if (userId === this.botId) return this.botName;
    const person = this.people.get(userId);
    return person ? displayName(person) : String(userId);
  }

  isModerator(userId) {
    return isModerator(this.people.get(userId));
  }

  /** @returns {object[]} owners and admins among the named people, highest first */
  moderators() {
    return [...this.people.values()].filter(isModerator).sort(byRank);
  }

  #tell(type) {
    this.dispatchEvent(new Event(type));
  }
}

export function displayName(person) {
  return person.card || person.nickname || String(person.user_id);
}

export function isModerator(person) {
  return person?.role === "owner" || person?.role === "admin";
}

export function byRank(a, b) {
  return (RANK[a.role] ?? 3) - (RANK[b.role] ?? 3);
}

/** @returns {boolean} whether QQ lets this person take back what somebody with that role said */
export function outranks(person, role) {
  return isModerator(person) && RANK[person.role] < (RANK[role] ?? 2);
}

/** Storage can be switched off in a browser; the page then simply forgets. */
export function remember(key, value) {
  try {
    localStorage.setItem(key, value);
  } catch {
    /* nothing to keep it in */
  }
}

export function recall(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}
