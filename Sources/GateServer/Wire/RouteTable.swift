/// Which handler answers which method and path.
///
/// Patterns are paths whose segments are literal or `{name}`. A literal beats a name, segment by
/// segment from the left, among the patterns that have the method: so `GET /groups/_register` is a
/// group called `_register` where `_register` can only be posted to.
package struct RouteTable<Handler: Sendable>: Sendable {
  /// What a path leads to.
  package enum Match {
    /// A handler, and what stood in the place of names.
    case found(Handler, [String: String])
    /// The path is known, but not with this method. In the order of the table.
    case wrongMethod(allowed: [String])
    /// No pattern has this path.
    case none
  }

  private struct Entry: Sendable {
    let method: String
    let segments: [Segment]
    let handler: Handler
  }

  private enum Segment: Sendable {
    case literal(String)
    case name(String)
  }

  private var entries: [Entry] = []

  /// An empty table.
  package init() {}

  /// Adds a route such as `GET`, `/_ml/trained_models/{model_id}`.
  package mutating func add(_ method: String, _ pattern: String, _ handler: Handler) {
    let segments = pattern.split(separator: "/").map { segment -> Segment in
      segment.hasPrefix("{")
        ? .name(String(segment.dropFirst().dropLast())) : .literal(String(segment))
    }
    entries.append(Entry(method: method, segments: segments, handler: handler))
  }

  /// All routes, as method and pattern, in the order of the table.
  package var routes: [(method: String, pattern: String)] {
    entries.map { entry in
      let parts = entry.segments.map { segment in
        switch segment {
        case .literal(let text): text
        case .name(let name): "{\(name)}"
        }
      }
      return (entry.method, "/" + parts.joined(separator: "/"))
    }
  }

  /// Finds the handler for a decoded path.
  package func match(_ method: String, _ segments: [String]) -> Match {
    let candidates = entries.filter { Self.matches($0.segments, segments) }
    guard let best = Self.best(candidates.filter { $0.method == method }) else {
      var allowed: [String] = []
      for entry in candidates where !allowed.contains(entry.method) { allowed.append(entry.method) }
      return allowed.isEmpty ? .none : .wrongMethod(allowed: allowed)
    }
    var names: [String: String] = [:]
    for case (.name(let name), let segment) in zip(best.segments, segments) {
      names[name] = segment
    }
    return .found(best.handler, names)
  }

  private static func matches(_ pattern: [Segment], _ path: [String]) -> Bool {
    guard pattern.count == path.count else { return false }
    return zip(pattern, path).allSatisfy { segment, text in
      if case .literal(let literal) = segment { literal == text } else { true }
    }
  }

  /// The one with literals furthest to the left.
  private static func best(_ candidates: [Entry]) -> Entry? {
    candidates.max { left, right in
      for (a, b) in zip(left.segments, right.segments) {
        switch (a, b) {
        case (.name, .literal): return true
        case (.literal, .name): return false
        default: continue
        }
      }
      return false
    }
  }
}
