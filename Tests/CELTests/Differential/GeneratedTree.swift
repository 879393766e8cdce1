/// An expression as the generator makes it and the shrinker cuts it.
struct GeneratedTree: Sendable {
  enum Kind: Sendable {
    /// A name or a literal, as it is written.
    case leaf(String)
    case unary(String)
    case binary(String)
    /// `&&` or `||` over two or more.
    case chain(String)
    case conditional
    case select(String)
    case presence(String)
    case index
    case list
    /// Keys and values in turn.
    case map
    case call(String)
    /// The first child is the receiver.
    case member(String)
    /// The first child is the range; the names are the macro's variables.
    case macro(String, [String])
    case bind(String)
  }

  var kind: Kind
  var children: [GeneratedTree] = []

  static func leaf(_ text: String) -> GeneratedTree { GeneratedTree(kind: .leaf(text)) }

  init(kind: Kind, children: [GeneratedTree] = []) {
    self.kind = kind
    self.children = children
  }

  var size: Int { children.reduce(1) { $0 + $1.size } }

  /// The expression in CEL. Every operator stands in parentheses, so that no cut changes what
  /// belongs together.
  var text: String {
    let parts = children.map(\.text)
    switch kind {
    case .leaf(let text): return text
    case .unary(let op):
      return parts[0].hasPrefix("-") ? "(\(op)(\(parts[0])))" : "(\(op)\(parts[0]))"
    case .binary(let op): return "(\(parts[0]) \(op) \(parts[1]))"
    case .chain(let op): return "(" + parts.joined(separator: " \(op) ") + ")"
    case .conditional: return "(\(parts[0]) ? \(parts[1]) : \(parts[2]))"
    case .select(let field): return "\(parts[0]).\(field)"
    case .presence(let field): return "has(\(parts[0]).\(field))"
    case .index: return "\(parts[0])[\(parts[1])]"
    case .list: return "[" + parts.joined(separator: ", ") + "]"
    case .map:
      let entries = stride(from: 0, to: parts.count - 1, by: 2).map {
        "\(parts[$0]): \(parts[$0 + 1])"
      }
      return "{" + entries.joined(separator: ", ") + "}"
    case .call(let name): return "\(name)(\(parts.joined(separator: ", ")))"
    case .member(let name):
      return "\(parts[0]).\(name)(\(parts.dropFirst().joined(separator: ", ")))"
    case .macro(let name, let variables):
      return "\(parts[0]).\(name)(\((variables + parts.dropFirst()).joined(separator: ", ")))"
    case .bind(let name): return "cel.bind(\(name), \(parts[0]), \(parts[1]))"
    }
  }

  // MARK: Shrinking

  /// Smaller trees that are like this one: a part alone, a part left out, a part cut itself.
  var cuts: [GeneratedTree] {
    var cuts = children
    if size > 1 { cuts += [.leaf("true"), .leaf("0"), .leaf("''"), .leaf("[]")] }
    switch kind {
    case .list, .chain:
      let fewest = if case .list = kind { 0 } else { 2 }
      for index in children.indices where children.count > fewest {
        var smaller = self
        smaller.children.remove(at: index)
        cuts.append(smaller)
      }
    case .map:
      for index in stride(from: 0, to: children.count, by: 2) {
        var smaller = self
        smaller.children.removeSubrange(index...index + 1)
        cuts.append(smaller)
      }
    default: break
    }
    for (index, child) in children.enumerated() {
      for cut in child.cuts {
        var smaller = self
        smaller.children[index] = cut
        cuts.append(smaller)
      }
    }
    return cuts
  }

  /// The smallest tree found that still fails, by cutting for as long as a cut still fails.
  func shrunk(while fails: (GeneratedTree) -> Bool) -> GeneratedTree {
    var smallest = self
    var tries = 0
    var found = true
    while found, tries < 3_000 {
      found = false
      for cut in smallest.cuts.sorted(by: { $0.size < $1.size }) where cut.size < smallest.size {
        tries += 1
        if fails(cut) {
          smallest = cut
          found = true
          break
        }
      }
    }
    return smallest
  }
}
