import AllocationCounter

/// Measures small things honestly: every case beside a floor, rounds in turn, the minimum and the
/// median of many rounds, by the time that the process got (of all its threads together) and not by
/// the clock on the wall: the machine may have other things to do.
///
/// A harness of our own rather than a benchmark package: it must run where only the toolchain is,
/// and the one thing that counts here is the ratio of two closures in one process, taken
/// alternately so that a noisy machine disturbs both alike.
struct Measurement {
  let name: String
  /// Nanoseconds of one operation: the best round and the middle one.
  let best: Double
  let median: Double
  /// The 99th of a hundred short runs, each of a thousandth of a round.
  let p99: Double
  /// The same for the hand-written floor, if the case has one.
  let floor: Double?
  let target: Double?
  /// Allocations of one operation, after the first round; nil where they can't be counted.
  let allocations: Double?
}

struct Harness {
  private(set) var measurements: [Measurement] = []
  /// Rounds of each case.
  let rounds: Int
  /// Part of the names of the cases to run; nil for all.
  let only: String?

  init(rounds: Int, only: String? = nil) {
    self.rounds = rounds
    self.only = only
  }

  /// Whether a case, or one of a group of cases with this in their names, is to run.
  func wants(_ name: String) -> Bool {
    guard let only else { return true }
    return name.utf8Contains(only) || only.utf8Contains(name)
  }

  /// How long sets took to load, and what they hold of memory.
  private(set) var loads: [Load] = []

  /// How long a load took, of processors and by the clock, and what the set holds of memory.
  struct Load {
    let name: String
    let milliseconds: Double
    let wallMilliseconds: Double
    /// Nil where it was not measured.
    let bytesPerRule: Double?
  }

  mutating func note(_ load: Load) {
    loads.append(load)
    let memory = load.bytesPerRule.map { ", \(Self.number($0)) bytes a rule" } ?? ""
    print(
      "| \(load.name) | \(Self.number(load.milliseconds)) ms of processors, \(Self.number(load.wallMilliseconds)) ms by the clock\(memory) |"
    )
  }

  /// Measures `body` and `floor` in turn; each runs its operation so many times and returns
  /// something that depends on it. A case that `allocates` more often than it may is a failure of
  /// the whole run.
  mutating func measure(
    _ name: String, target: Double? = nil, allocates allowed: Double? = nil, operations: Int,
    floor: ((Int) -> Int)? = nil, _ body: (Int) -> Int
  ) {
    guard wants(name) else { return }
    var times: [Double] = []
    var floorTimes: [Double] = []
    var sink = 0
    sink &+= body(operations / 10 + 1)
    for _ in 0..<rounds {
      times.append(Self.time(&sink, operations, body))
      if let floor { floorTimes.append(Self.time(&sink, operations, floor)) }
    }
    times.sort()
    floorTimes.sort()
    let p99 = Self.p99(&sink, operations, body)
    let allocations = Self.allocations(&sink, operations, body)
    if let allowed, let allocations, allocations > allowed {
      failures.append("\(name): \(allocations) allocations, \(allowed) allowed")
    }
    consumed &+= sink
    let measurement = Measurement(
      name: name, best: times[0], median: times[times.count / 2],
      p99: p99, floor: floorTimes.first, target: target,
      allocations: allocations)
    measurements.append(measurement)
    print(Self.row(measurement))
  }

  /// What was found that must not be; the run fails if there is anything.
  private(set) var failures: [String] = []

  mutating func fail(_ message: String) { failures.append(message) }

  /// Allocations of one operation. Counted in this process by a `malloc` of our own, which first
  /// has to find one that was planted.
  private static func allocations(
    _ sink: inout Int, _ operations: Int, _ body: (Int) -> Int
  ) -> Double? {
    guard allocation_counter_works() else { return nil }
    let before = allocation_count()
    allocation_plant(64)
    let planted = allocation_count()
    precondition(planted == before + 1, "the allocation counter does not count")
    sink &+= body(operations)
    return Double(allocation_count() - planted) / Double(operations)
  }

  /// What the cases returned, so that nothing can be left out as unused.
  private(set) var consumed = 0

  private static func time(_ sink: inout Int, _ operations: Int, _ body: (Int) -> Int) -> Double {
    let start = Process.nanoseconds
    sink &+= body(operations)
    return Double(Process.nanoseconds - start) / Double(operations)
  }

  /// By many short runs: what a caller sees now and then. The clock itself takes a share of these.
  private static func p99(_ sink: inout Int, _ operations: Int, _ body: (Int) -> Int) -> Double {
    let each = max(1, operations / 1_000)
    let times = (0..<min(1_000, operations)).map { _ in time(&sink, each, body) }.sorted()
    return times[times.count * 99 / 100]
  }

  /// Everything that was measured, for programs.
  var json: String {
    func number(_ value: Double?) -> String { value.map { "\($0)" } ?? "null" }
    let cases = measurements.map { m in
      """
      {"case":"\(m.name)","best_ns":\(m.best),"median_ns":\(m.median),"p99_ns":\(m.p99),\
      "floor_ns":\(number(m.floor)),"target_ns":\(number(m.target)),\
      "allocations":\(number(m.allocations))}
      """
    }
    let loads = loads.map {
      """
      {"case":"\($0.name)","milliseconds":\($0.milliseconds),\
      "wall_milliseconds":\($0.wallMilliseconds),"bytes_per_rule":\(number($0.bytesPerRule))}
      """
    }
    return
      "{\"cases\":[\n\(cases.joined(separator: ",\n"))\n],\n\"loads\":[\n\(loads.joined(separator: ",\n"))\n]}\n"
  }

  static let header =
    "| case | best ns | median ns | p99 ns | floor ns | ratio | target ns | allocations |\n|---|---|---|---|---|---|---|---|"

  static func row(_ m: Measurement) -> String {
    let floor = m.floor.map { Self.number($0) } ?? "–"
    let ratio = m.floor.map { Self.number(m.best / $0) } ?? "–"
    let target = m.target.map { Self.number($0) } ?? "–"
    let allocations = m.allocations.map { Self.number($0) } ?? "–"
    return
      "| \(m.name) | \(Self.number(m.best)) | \(Self.number(m.median)) | \(Self.number(m.p99)) | \(floor) | \(ratio) | \(target) | \(allocations) |"
  }

  static func number(_ value: Double) -> String {
    let tenths = Int(value * 10 + 0.5)
    return value >= 100 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
  }
}

extension String {
  /// Whether the text occurs, byte for byte.
  func utf8Contains(_ text: String) -> Bool {
    let (whole, part) = (Array(utf8), Array(text.utf8))
    guard !part.isEmpty, whole.count >= part.count else { return part.isEmpty }
    return (0...whole.count - part.count).contains { Array(whole[$0..<$0 + part.count]) == part }
  }
}
