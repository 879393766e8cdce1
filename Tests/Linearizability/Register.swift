/// A cell that is read, written, and moved on conditions: the shape of an alias.
public enum Register: SequentialModel {
  /// A call and its answer.
  public enum Operation: Hashable, Sendable {
    /// It was read, and this was in it; nil for nothing.
    case read(String?)
    /// It was set from this to that, and that was done.
    case moved(from: String?, to: String?)
    /// It was to be set from a value, and refused because this was in it.
    case refused(expected: String?, found: String?)
    /// It was to be set from a value, and refused because something else, but not nothing, was in it.
    case differs(from: String)
    /// It was to be set from this to that, and no answer came.
    case unknown(from: String?, to: String?)
  }

  /// Nothing is in it.
  public static var initial: String? { nil }

  /// See `SequentialModel`.
  public static func step(_ state: String?, _ operation: Operation) -> String?? {
    switch operation {
    case .read(let value): value == state ? .some(state) : nil
    case .moved(let from, let to): from == state ? .some(to) : nil
    case .refused(let expected, let found): found == state && expected != state ? .some(state) : nil
    case .differs(let from): state != nil && state != from ? .some(state) : nil
    // Where it finds another value it takes no effect.
    case .unknown(let from, let to): .some(from == state ? to : state)
    }
  }
}
