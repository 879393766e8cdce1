import CEL
import PolicyEngine

/// Takes the members of a JSON object one after the other, and knows at the end which of them
/// nobody has asked for.
struct MemberReader {
  private(set) var reader: DocumentReader
  private let node: Int?
  private let what: String
  private var known: [String] = []
  private var required: [String] = []

  fileprivate init(_ reader: DocumentReader, _ node: Int?, _ what: String) {
    (self.reader, self.node, self.what) = (reader, node, what)
  }

  private mutating func find(_ name: String) -> Int? {
    known.append(name)
    guard let node, reader.tape.kind(of: node) == .object else { return nil }
    return reader.tape.member(name, of: node)
  }

  private mutating func demand(_ name: String) -> Int? {
    required.append(name)
    return find(name)
  }

  /// Reports what is missing, and what nobody has asked for.
  fileprivate mutating func finish(orAt place: Int) {
    guard let node else {
      for name in required {
        reader.report("missing-field", "`\(what)` has no `\(name)`", at: place)
      }
      return
    }
    _ = reader.members(of: node, what, known: known, required: required)
  }

  // MARK: Values

  /// A string that must be there; the empty one if it is not, which is reported.
  mutating func text(_ name: String) -> String { reader.string(demand(name), name) ?? "" }

  mutating func optionalText(_ name: String) -> String? { reader.string(find(name), name) }

  mutating func flag(_ name: String) -> Bool { reader.bool(find(name), name) ?? false }

  mutating func optionalFlag(_ name: String) -> Bool? { reader.bool(find(name), name) }

  mutating func count(_ name: String) -> Int { whole(demand(name), name) ?? 0 }

  mutating func optionalCount(_ name: String) -> Int? { whole(find(name), name) }

  /// Any whole number: whether there can be so many is for rules to say.
  private mutating func whole(_ node: Int?, _ name: String) -> Int? {
    reader.integer(node, name, Int64.min...Int64.max)
  }

  mutating func texts(_ name: String) -> [String] { optionalTexts(name) ?? [] }

  mutating func optionalTexts(_ name: String) -> [String]? {
    guard let list = find(name) else { return nil }
    return reader.strings(list, name).map(\.name)
  }

  mutating func word<Word: RawRepresentable<String> & CaseIterable>(
    _ name: String, or standard: Word
  ) -> Word {
    reader.word(find(name), name, Word.self) ?? standard
  }

  mutating func demandedWord<Word: RawRepresentable<String> & CaseIterable>(
    _ name: String, or standard: Word
  ) -> Word {
    reader.word(demand(name), name, Word.self) ?? standard
  }

  /// An object as it stands; no bytes for none.
  mutating func object(_ name: String) -> [UInt8] {
    guard let found = find(name) else { return [] }
    guard reader.tape.kind(of: found) == .object else {
      reader.wrongType(found, name, "an object")
      return []
    }
    return Array(reader.tape.source[reader.tape.sourceRange(of: found)])
  }

  /// The members of an object, whatever they are.
  mutating func values(_ name: String) -> [(name: String, value: CELValue)] {
    reader.entries(of: find(name), name).map { ($0.name, reader.tape.value(of: $0.value)) }
  }

  /// Who may use a group.
  mutating func access() -> GroupAccessParameters {
    GroupAccessParameters(
      accessMode: optionalText("access_mode"), backendRoles: optionalTexts("backend_roles"),
      addAllBackendRoles: optionalFlag("add_all_backend_roles"))
  }
}

extension DocumentReader {
  /// Reads an object member by member.
  ///
  /// - Parameter place: where it is said that something is missing, if there is no object.
  mutating func read<Value>(
    _ node: Int?, _ what: String, orAt place: Int, _ body: (inout MemberReader) -> Value
  ) -> Value {
    var members = MemberReader(self, node, what)
    let value = body(&members)
    members.finish(orAt: place)
    self = members.reader
    return value
  }
}
