/// A few names that are looked for in many objects, all of them in one walk over each.
package struct MemberNames: Sendable {
  /// The most names.
  package static let most = SIMD8<Int32>.scalarCount

  private var octets: [UInt8] = []
  private var starts: [Int] = [0]

  /// Names by number; no more than `most`, and no two the same.
  package init(_ names: [String]) {
    precondition(names.count <= Self.most)
    for name in names {
      octets += Array(name.utf8)
      starts.append(octets.count)
    }
  }

  /// The number of a name, or -1.
  @inline(__always) fileprivate func number(of text: Span<UInt8>) -> Int {
    var number = 0
    while number < starts.count &- 1 {
      let (start, end) = (starts[number], starts[number &+ 1])
      if end &- start == text.count,
        TextHash.isEqual(octets.span.extracting(start..<end), text)
      {
        return number
      }
      number &+= 1
    }
    return -1
  }
}

extension JSONTape {
  /// The index of the value of each member, by the number of its name; -1 where the object has no
  /// such member or is no object.
  package func members(_ names: MemberNames, of object: Int) -> SIMD8<Int32> {
    var found = SIMD8<Int32>(repeating: -1)
    guard nodes[object].kind == .object else { return found }
    let end = nodes[object].next
    var index = object &+ 1
    while index < end {
      let name = nodes[index]
      let bytes = name.isDecoded ? decoded.span : source.span
      let number = names.number(of: bytes.extracting(name.textRange))
      if number >= 0 { found[number] = Int32(truncatingIfNeeded: index &+ 1) }
      index = next(after: index &+ 1)
    }
    return found
  }
}
