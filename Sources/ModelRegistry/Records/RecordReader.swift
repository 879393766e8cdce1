import CEL

/// Reads the members of a stored record. Stored records are our own writing, so anything that is
/// missing, of another type or unknown means damage, or a newer version's hand.
struct RecordReader {
  private let tape: JSONTape
  private let node: Int
  private let what: String
  /// How many members were asked for and found: all of them, or something is there that we don't
  /// know.
  private var taken = 0

  /// More than what the registry lets in can come to, so that whatever was written can be read.
  static let limits = JSONLimits(bytes: 64 << 20, depth: 100, nodes: 8 << 20)

  init(_ bytes: [UInt8], what: String) throws(StoreError) {
    var tape = JSONTape()
    do throws(JSONError) {
      try tape.read(bytes, limits: Self.limits)
    } catch {
      throw .damaged("\(what) is not JSON: \(error.message), at byte \(error.offset)")
    }
    try self.init(tape, tape.root, what: what)
  }

  private init(_ tape: JSONTape, _ node: Int, what: String) throws(StoreError) {
    guard tape.kind(of: node) == .object else { throw .damaged("\(what) is not an object") }
    (self.tape, self.node, self.what) = (tape, node, what)
  }

  /// Call when all members were read.
  ///
  /// - Throws: `StoreError.damaged` if there are others.
  func finish() throws(StoreError) {
    guard tape.nodes[node].count == taken else {
      throw .damaged("\(what) has members that this version does not know: a newer one wrote it")
    }
  }

  private mutating func find(_ name: String) -> Int? {
    guard let found = tape.member(name, of: node) else { return nil }
    taken += 1
    return found
  }

  private mutating func find(_ name: String, _ kind: JSONTape.Kind) throws(StoreError) -> Int? {
    guard let found = find(name) else { return nil }
    guard tape.kind(of: found) == kind else {
      throw .damaged("`\(name)` of \(what) has a wrong type")
    }
    return found
  }

  private func present<Value>(_ name: String, _ value: Value?) throws(StoreError) -> Value {
    guard let value else { throw .damaged("\(what) has no `\(name)`") }
    return value
  }

  mutating func optionalText(_ name: String) throws(StoreError) -> String? {
    try find(name, .string).map { tape.string(of: $0) }
  }

  mutating func text(_ name: String) throws(StoreError) -> String {
    try present(name, try optionalText(name))
  }

  mutating func optionalInt64(_ name: String) throws(StoreError) -> Int64? {
    try find(name, .int).map { tape.nodes[$0].int }
  }

  mutating func int64(_ name: String) throws(StoreError) -> Int64 {
    try present(name, try optionalInt64(name))
  }

  mutating func int(_ name: String) throws(StoreError) -> Int { Int(try int64(name)) }

  mutating func bool(_ name: String) throws(StoreError) -> Bool {
    let found = try present(name, find(name))
    switch tape.kind(of: found) {
    case .true: return true
    case .false: return false
    default: throw .damaged("`\(name)` of \(what) has a wrong type")
    }
  }

  mutating func texts(_ name: String) throws(StoreError) -> [String] {
    var texts: [String] = []
    let list = try present(name, try find(name, .array))
    for child in tape.children(of: list) {
      guard tape.kind(of: child) == .string else {
        throw .damaged("`\(name)` of \(what) has a wrong type")
      }
      texts.append(tape.string(of: child))
    }
    return texts
  }

  /// One of the words of an enumeration.
  mutating func word<Word: RawRepresentable>(
    _ name: String, as type: Word.Type
  ) throws(StoreError) -> Word where Word.RawValue == String {
    let text = try text(name)
    guard let word = Word(rawValue: text) else {
      throw .damaged("`\(name)` of \(what) is `\(text)`, which this version does not know")
    }
    return word
  }

  /// An object as its bytes; nothing if there is none.
  mutating func source(_ name: String) throws(StoreError) -> [UInt8] {
    guard let found = try find(name, .object) else { return [] }
    return Array(tape.source[tape.sourceRange(of: found)])
  }

  mutating func optionalObject(_ name: String) throws(StoreError) -> RecordReader? {
    guard let found = try find(name, .object) else { return nil }
    return try RecordReader(tape, found, what: "`\(name)` of \(what)")
  }
}

extension JSONWriter {
  /// Writes a member unless it is nil.
  mutating func member(_ name: String, optional value: String?) {
    if let value { member(name, value) }
  }

  mutating func member(_ name: String, texts: [String]) {
    self.name(name)
    beginArray()
    for text in texts { value(text) }
    endArray()
  }

  /// Writes a JSON object as it is, unless it is empty.
  mutating func member(_ name: String, object: [UInt8]) {
    guard !object.isEmpty else { return }
    self.name(name)
    value(verbatim: object[...])
  }
}
