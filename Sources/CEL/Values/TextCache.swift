/// The ids of short texts that were looked for before, found by the two words of a `String` instead of
/// by its octets.
///
/// Two strings of the same words are the same text, as long as one of them is held, which an entry
/// does. Short texts stand in the words themselves, so that they are found whoever made them; longer
/// ones would have to be the same object, which texts of requests rarely are. Entries push out each
/// other: what is not found here is looked for in the memory.
struct TextCache: Sendable {
  private struct Entry: Sendable {
    var text = ""
    var value = Value.unset
  }
  /// Longer texts do not fit into a string's words.
  private static let longest = 15
  private static let size = 256

  private var entries = [Entry](repeating: Entry(), count: size)

  /// The text as a value: by its entry, if it is short, or else by the memory, where it is compared
  /// with one that it probably is.
  @inline(__always)
  mutating func intern(
    _ text: String, likely: Value = .unset, _ memory: inout Memory
  ) -> Value {
    guard text.utf8.count <= Self.longest else { return memory.intern(text, likely: likely) }
    let place = Self.place(of: text)
    if entries[place].text._isIdentical(to: text), entries[place].value.tag == .string {
      return entries[place].value
    }
    return add(text, at: place, &memory)
  }

  @inline(never)
  private mutating func add(_ text: String, at place: Int, _ memory: inout Memory) -> Value {
    entries[place] = Entry(text: text, value: .string(memory.intern(text)))
    return entries[place].value
  }

  /// Forgets all texts: ids mean others now.
  mutating func removeAll() {
    for place in entries.indices { entries[place] = Entry() }
  }

  @inline(__always) private static func place(of text: String) -> Int {
    // Nothing but where the text is looked for depends on what these words are.
    let words = unsafe unsafeBitCast(text, to: (UInt64, UInt64).self)
    let mixed = Memory.mix(words.0 ^ words.1 &* 0xa076_1d64_78bd_642f)
    return Int(truncatingIfNeeded: mixed & UInt64(size - 1))
  }
}
