/// How much of a text the reader takes on before it refuses.
///
/// A request comes from strangers, so its size, its nesting and the number of its values are all
/// bounded, and each bound is named here and nowhere else.
package struct JSONLimits: Sendable, Equatable {
  /// The longest text, in bytes.
  package var bytes = 16 << 20

  /// The most arrays and objects open at once.
  package var depth = 100

  /// The most values in one text; the name of a member counts as one.
  package var nodes = 1_000_000

  /// Takes the default for every bound that is not given.
  package init(bytes: Int? = nil, depth: Int? = nil, nodes: Int? = nil) {
    self.bytes = bytes ?? self.bytes
    self.depth = depth ?? self.depth
    self.nodes = nodes ?? self.nodes
  }

  package static let `default` = JSONLimits()
}
