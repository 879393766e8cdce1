/// Which handler answers which method and path.
///
/// Patterns are paths whose segments are literal or `{name}`. A literal beats a name, segment by
/// segment from the left, among the patterns that have the method: so `GET /groups/_register` is a
/// group called `_register` where `_register` can only be posted to.
package struct RouteTable<Handler: Sendable>: Sendable {
  /// What a path leads to.
  package enum Match {
    /// A handler, what stood in the place of names, and the route's pattern.
    case found(Handler, [String: String], pattern: String)
    /// The path is known, but not with this method. In the order of the table.
    case wrongMethod(allowed: [String])
    /// No pattern has this path.
    case none
  }

  private struct Entry: Sendable {
    let method, pattern: String
    /// Places of names among the segments.
    let names: [(place: Int, name: String)]
    let handler: Handler
  }

  /// A segment of all patterns that begin alike: what may follow, and what ends here.
  private struct Node: Sendable {
    var literals: [String: Int] = [:]
    var name: Int?
    /// Entries by method.
    var entries: [String: Int] = [:]
  }

  private var entries: [Entry] = []
  private var nodes = [Node()]

  /// An empty table.
  package init() {}

  /// Adds a route such as `GET`, `/_ml/trained_models/{model_id}`.
  package mutating func add(_ method: String, _ pattern: String, _ handler: Handler) {
    var node = 0
    var names: [(place: Int, name: String)] = []
    for (place, segment) in pattern.split(separator: "/").enumerated() {
      if segment.hasPrefix("{") {
        names.append((place, String(segment.dropFirst().dropLast())))
        node = next(of: node, \.name)
      } else {
        node = next(of: node, \.literals[String(segment)])
      }
    }
    // The first of two that are the same is the one.
    if nodes[node].entries[method] == nil { nodes[node].entries[method] = entries.count }
    entries.append(Entry(method: method, pattern: pattern, names: names, handler: handler))
  }

  private mutating func next(of node: Int, _ place: WritableKeyPath<Node, Int?>) -> Int {
    if let known = nodes[node][keyPath: place] { return known }
    nodes[node][keyPath: place] = nodes.count
    nodes.append(Node())
    return nodes.count - 1
  }

  /// All routes, as method and pattern, in the order of the table.
  package var routes: [(method: String, pattern: String)] {
    entries.map { ($0.method, $0.pattern) }
  }

  /// Finds the handler for a decoded path.
  package func match(_ method: String, _ segments: [String]) -> Match {
    guard let found = find(method, segments[...], from: 0) else {
      var others: Set<Int> = []
      collect(segments[...], from: 0, into: &others)
      var allowed: [String] = []
      for index in others.sorted() where !allowed.contains(entries[index].method) {
        allowed.append(entries[index].method)
      }
      return allowed.isEmpty ? .none : .wrongMethod(allowed: allowed)
    }
    let entry = entries[found]
    var names: [String: String] = [:]
    for (place, name) in entry.names { names[name] = segments[place] }
    return .found(entry.handler, names, pattern: entry.pattern)
  }

  /// The entry of a method with literals furthest to the left.
  private func find(_ method: String, _ segments: ArraySlice<String>, from node: Int) -> Int? {
    guard let segment = segments.first else { return nodes[node].entries[method] }
    let rest = segments.dropFirst()
    if let next = nodes[node].literals[segment], let found = find(method, rest, from: next) {
      return found
    }
    return nodes[node].name.flatMap { find(method, rest, from: $0) }
  }

  /// Entries of all methods.
  private func collect(
    _ segments: ArraySlice<String>, from node: Int, into found: inout Set<Int>
  ) {
    guard let segment = segments.first else { return found.formUnion(nodes[node].entries.values) }
    let rest = segments.dropFirst()
    if let next = nodes[node].literals[segment] { collect(rest, from: next, into: &found) }
    if let next = nodes[node].name { collect(rest, from: next, into: &found) }
  }
}
