/// A parsed expression: nodes in one array, children by index, a span for each.
///
/// Macros are already expanded: a comprehension is a node of its own, not a fold over hidden
/// variables, so that later stages can see what was meant (`xs.exists(x, x in ys)` is recognised as
/// an intersection). Chains of `&&` and `||` are one node each, however long.
package struct Expression: Sendable {
  package typealias ID = Int32

  package enum Kind: UInt8, Sendable {
    /// `constants[payload]`
    case literal
    /// `names[payload]`; a leading dot sets `flags`
    case identifier
    /// child 0, `names[payload]`; `flags` for `.?`
    case select
    /// `has(child 0 . names[payload])`
    case presence
    /// `names[payload](children…)`; `flags` for a leading dot
    case call
    /// child 0 is the receiver
    case memberCall
    /// children; bit i of `optionalEntries` for `?` elements
    case list
    /// keys and values in turn
    case map
    /// `names[payload]{names[payload + 1]: child 0, …}`
    case message
    /// `op` over one or two children; `index` with `flags` for `[?…]`
    case operation
    /// condition, then, else
    case conditional
    /// at least two children
    case and, or
    /// range, then bodies by kind; variables are `names[payload]`, `names[payload + 1]`
    case comprehension
  }

  package enum Operator: UInt8, Sendable {
    case add, subtract, multiply, divide, modulo, negate, not
    case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual, `in`, index

    package var symbol: String {
      switch self {
      case .add: "+"
      case .subtract, .negate: "-"
      case .multiply: "*"
      case .divide: "/"
      case .modulo: "%"
      case .not: "!"
      case .equal: "=="
      case .notEqual: "!="
      case .less: "<"
      case .lessOrEqual: "<="
      case .greater: ">"
      case .greaterOrEqual: ">="
      case .in: "in"
      case .index: "[]"
      }
    }
  }

  /// What a macro iterates for.
  package enum Comprehension: UInt8, Sendable {
    case all, exists, existsOne, filter, map
    case transformList, transformMap, transformMapEntry
    /// `cel.bind(x, init, body)`: the "range" is the init.
    case bind
    /// `optMap(x, body)`, `optFlatMap(x, body)` on an optional.
    case optionalMap, optionalFlatMap
    case sortBy
  }

  package enum Constant: Hashable, Sendable {
    case null
    case bool(Bool)
    case int(Int64)
    case uint(UInt64)
    case double(UInt64)
    case string([UInt8])
    case bytes([UInt8])
  }

  package struct Node: Sendable {
    package var kind: Kind
    package var flags: UInt8 = 0
    package var op: UInt8 = 0
    package var depth: UInt16
    package var payload: Int32
    package var firstChild: Int32
    package var childCount: Int32
    package var span: SourceSpan
    /// Where the operator, function name or field name stands: the caret of most messages.
    package var place: SourceSpan
  }

  package internal(set) var nodes: [Node] = []
  package internal(set) var children: [ID] = []
  package internal(set) var names: [String] = []
  package internal(set) var constants: [Constant] = []
  /// Entries of lists, maps and messages that are written with a question mark, as indexes into
  /// `children`.
  package internal(set) var optionalEntries: Set<Int32> = []
  package internal(set) var root: ID = 0
  /// The text that was parsed.
  package internal(set) var source: [UInt8] = []

  package subscript(id: ID) -> Node { nodes[Int(id)] }

  package func children(of id: ID) -> ArraySlice<ID> {
    let node = nodes[Int(id)]
    return children[Int(node.firstChild)..<Int(node.firstChild) + Int(node.childCount)]
  }
  package func child(_ index: Int, of id: ID) -> ID {
    children[Int(nodes[Int(id)].firstChild) + index]
  }
  package func isOptionalEntry(_ index: Int, of id: ID) -> Bool {
    !optionalEntries.isEmpty && optionalEntries.contains(nodes[Int(id)].firstChild + Int32(index))
  }
  package func name(of id: ID) -> String { names[Int(nodes[Int(id)].payload)] }
  package func op(of id: ID) -> Operator { Operator(rawValue: nodes[Int(id)].op) ?? .add }
  package func comprehension(of id: ID) -> Comprehension {
    Comprehension(rawValue: nodes[Int(id)].op) ?? .all
  }
  /// The text of a node as the author wrote it.
  package func text(of id: ID) -> String {
    let span = nodes[Int(id)].span
    return String(
      decoding: source[Int(span.start)..<min(Int(span.end), source.count)], as: UTF8.self)
  }
}

extension Expression {
  /// The same without room to grow.
  func kept() -> Expression {
    var kept = self
    kept.nodes = Array(nodes[...])
    kept.children = Array(children[...])
    kept.names = Array(names[...])
    kept.constants = Array(constants[...])
    return kept
  }

  /// Every plain name that the expression mentions, variables of its own macros included.
  package var identifiers: [String] {
    var found: Set<String> = []
    for node in nodes where node.kind == .identifier { found.insert(names[Int(node.payload)]) }
    return found.sorted()
  }
}
