import CEL

/// What is known of actions: of those that rule files name, found by text in the index; of others,
/// which only patterns can speak of, worked out once and remembered.
///
/// A remembered action is found by the id of its text, which means the same text until the memory
/// says otherwise (`Memory.epoch`).
struct ActionMemory: Sendable {
  /// Where the entry of an action and its lists are: in the index, or here.
  struct Place: BitwiseCopyable, Sendable {
    var entry = ActionEntry()
    var isOwn = false
  }
  /// Lists of the entries that are here.
  private(set) var lists: [Int32] = []
  private var entries: [ActionEntry] = []
  /// The entry of a text, or -1.
  private var entryOfText: [Int32] = []
  private var epoch = -1

  /// What is known of an action.
  @inline(__always)
  mutating func find(_ action: TextID, _ index: RuleIndex, _ memory: borrowing Memory) -> Place {
    if Int(action) < index.entryOfText.count, index.entryOfText[Int(action)] >= 0 {
      return Place(entry: index.entries[Int(index.entryOfText[Int(action)])], isOwn: false)
    }
    return findUnnamed(action, index, memory)
  }

  private mutating func findUnnamed(
    _ action: TextID, _ index: RuleIndex, _ memory: borrowing Memory
  ) -> Place {
    if epoch != memory.epoch || entries.count >= EngineLimits.rememberedActions {
      lists.removeAll(keepingCapacity: true)
      entries.removeAll(keepingCapacity: true)
      entryOfText.removeAll(keepingCapacity: true)
      epoch = memory.epoch
    }
    let text = Int(action)
    if text < entryOfText.count, entryOfText[text] >= 0 {
      return Place(entry: entries[Int(entryOfText[text])], isOwn: true)
    }
    let entry = index.makeEntry(Array(memory.octets[memory.range(of: action)]), &lists)
    if text >= entryOfText.count {
      entryOfText.append(contentsOf: repeatElement(-1, count: text + 1 - entryOfText.count))
    }
    entryOfText[text] = Int32(entries.count)
    entries.append(entry)
    return Place(entry: entry, isOwn: true)
  }

  /// One of the numbers that an entry refers to: as `lists(of:_:)` has it, without taking hold of
  /// the whole list.
  @inline(__always)
  func number(at index: Int, of place: Place, _ rules: RuleIndex) -> Int32 {
    place.isOwn ? lists[index] : rules.lists[index]
  }

  /// The lists that an entry refers to.
  @inline(__always)
  func lists(of place: Place, _ index: RuleIndex) -> [Int32] { place.isOwn ? lists : index.lists }

  /// Privileges that grant an action, in order.
  func privileges(of place: Place, _ index: RuleIndex) -> [Int32] {
    let start = Int(place.entry.privilegeStart)
    return Array(lists(of: place, index)[start..<start + Int(place.entry.privilegeCount)])
  }
}
