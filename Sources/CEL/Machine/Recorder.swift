/// Takes note of what instructions computed. The machine is compiled once for each: without a
/// recorder nothing is left of it.
protocol Recorder {
  /// Whether `record` does anything.
  static var records: Bool { get }
  /// Whether a run may be of a part of the code only.
  static var stops: Bool { get }
  mutating func record(_ pc: Int, _ value: Value)
  /// Where the run goes on when a condition has come to something, or -1: the run is over.
  mutating func next(after value: Value) -> Int
}

extension Recorder {
  @inline(__always) mutating func next(after value: Value) -> Int { -1 }
}

struct NoRecorder: Recorder {
  static var records: Bool { false }
  static var stops: Bool { false }
  @inline(__always) mutating func record(_ pc: Int, _ value: Value) {}
}

/// What every instruction computed, in order; bounded, the oldest notes of a long run stay and
/// later ones are left out.
package struct Recording: Recorder {
  static var records: Bool { true }
  static var stops: Bool { true }
  static let capacity = 4_096
  private(set) var notes: [(pc: Int32, value: Value)] = []

  package init() {}
  mutating func record(_ pc: Int, _ value: Value) {
    if notes.count < Self.capacity { notes.append((Int32(pc), value)) }
  }
  package mutating func removeAll() { notes.removeAll(keepingCapacity: true) }
}

extension Opcode {
  /// Whether the instruction asks for a definition.
  var isDefinition: Bool { self == .definition || self == .testDefinition }

  /// Whether the instruction leaves a value in its target that an explanation may show.
  var isRecorded: Bool {
    switch self {
    case .move, .load, .select, .selectOptional, .presence, .index, .indexOptional, .add, .subtract,
      .multiply,
      .divide, .modulo, .negate, .not, .equal, .notEqual, .less, .lessOrEqual, .greater,
      .greaterOrEqual, .in,
      .call, .callHost, .matchConstant, .makeList, .makeMap, .settle, .endList, .endMap,
      .definition, .testDefinition, .endDefinitionSettled, .endDefinitionConstant:
      true
    default: false
    }
  }
}
