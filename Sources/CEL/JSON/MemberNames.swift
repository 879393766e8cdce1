/// A few names that are looked for in many objects, all of them in one walk over each.
package struct MemberNames: Sendable {
  /// The most names.
  package static let most = 8
  /// The longest name, in octets: its first eight and its last eight are all of it.
  package static let longest = 16

  private var names: [TextHash.Ends] = []

  /// Names by number; no more than `most`, none longer than `longest`, and no two the same.
  package init(_ names: [String]) {
    precondition(names.count <= Self.most && names.allSatisfy { $0.utf8.count <= Self.longest })
    for name in names { self.names.append(TextHash.ends(of: name.utf8Span.span)) }
  }

  /// The number of a name, or -1.
  @inline(__always) fileprivate func number(of text: Span<UInt8>) -> Int {
    guard text.count <= Self.longest else { return -1 }
    let wanted = TextHash.ends(of: text)
    let names = names.span
    for number in names.indices where names[number] == wanted { return number }
    return -1
  }
}

extension JSONTape {
  /// The index of the value of each member, by the number of its name; -1 where the object has no
  /// such member or is no object.
  package func members(_ names: MemberNames, of object: Int) -> InlineArray<8, Int32> {
    var found = InlineArray<8, Int32>(repeating: -1)
    guard nodes[object].kind == .object else { return found }
    let nodes = nodes.span
    let end = nodes[object].next
    var index = object &+ 1
    while index < end {
      let name = nodes[index]
      let bytes = name.isDecoded ? decoded.span : source.span
      let number = names.number(of: bytes.extracting(name.textRange))
      if number >= 0 { found[number] = Int32(truncatingIfNeeded: index &+ 1) }
      let value = nodes[index &+ 1]
      index = value.kind.isContainer ? value.next : index &+ 2
    }
    return found
  }
}
