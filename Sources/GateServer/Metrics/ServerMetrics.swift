import Synchronization

/// What was answered, how often and how fast, for Prometheus.
///
/// Labels are bounded: routes are patterns of the dialects, and whatever is no route or no known
/// method counts as `other`.
public final class ServerMetrics: Sendable {
  /// Upper bounds of the buckets of durations, in seconds.
  public static let buckets: [Double] = [
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
  ]

  /// What is counted of one method and route.
  struct Counts: Sendable {
    var statuses: [Int: UInt64] = [:]
    /// One a bucket, and one for what is slower than all.
    var durations = [UInt64](repeating: 0, count: ServerMetrics.buckets.count + 1)
    var seconds = 0.0
  }

  private final class Series: Sendable {
    let method, route: String
    let counts = Mutex(Counts())

    init(_ method: String, _ route: String) { (self.method, self.route) = (method, route) }
  }

  /// What stands for every method and every route that is none.
  private static let other = "other"

  private let series: [Series]
  /// Places among the series, by pattern and method.
  private let places: [String: [String: Int]]
  private let active = Atomic<Int>(0)

  /// Counters for these routes.
  public init(routes: [(method: String, pattern: String)]) {
    let methods = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", Self.other]
    series =
      routes.map { Series($0.method, $0.pattern) } + methods.map { Series($0, Self.other) }
    var places: [String: [String: Int]] = [:]
    for (place, series) in series.enumerated() where places[series.route]?[series.method] == nil {
      places[series.route, default: [:]][series.method] = place
    }
    self.places = places
  }

  /// Requests that are being answered.
  public var activeRequests: Int { active.load(ordering: .relaxed) }

  /// A request begins.
  public func begin() { active.add(1, ordering: .relaxed) }

  /// A request that began has been answered, or has been given up.
  ///
  /// - Parameters:
  ///   - route: the pattern that the path belongs to; nil if there is none.
  ///   - seconds: how long that took.
  public func end(_ method: String, route: String?, status: Int, seconds: Double) {
    let place = route.flatMap { places[$0] }.flatMap { methods in
      methods[method] ?? (method == "HEAD" ? methods["GET"] : nil)
    }
    end(place ?? places[Self.other]?[method] ?? series.count - 1, status, seconds)
  }

  /// A request that could not be read ends with a status.
  public func end(unreadableWithStatus status: Int, seconds: Double) {
    end(series.count - 1, status, seconds)
  }

  private func end(_ index: Int, _ status: Int, _ seconds: Double) {
    active.subtract(1, ordering: .relaxed)
    let bucket = Self.buckets.firstIndex { seconds <= $0 } ?? Self.buckets.count
    series[index].counts.withLock { counts in
      counts.statuses[(100...599).contains(status) ? status : 0, default: 0] += 1
      counts.durations[bucket] += 1
      counts.seconds += max(0, seconds)
    }
  }

  func write(to text: inout MetricsText) {
    let counted = series.map { ($0.method, $0.route, $0.counts.withLock { $0 }) }
      .filter { !$0.2.statuses.isEmpty }
    text.begin("http_server_requests_total", .counter, "Requests that were answered.")
    for (method, route, counts) in counted {
      for (status, count) in counts.statuses.sorted(by: { $0.key < $1.key }) {
        let status = status == 0 ? "other" : String(status)
        text.sample([("method", method), ("route", route), ("status", status)], count)
      }
    }
    text.begin(
      "http_server_request_duration_seconds", .histogram, "How long answering took.")
    for (method, route, counts) in counted {
      text.histogram(
        [("method", method), ("route", route)], Self.buckets, counts.durations, counts.seconds)
    }
    text.begin("http_server_active_requests", .gauge, "Requests that are being answered.")
    text.sample([], UInt64(max(0, activeRequests)))
  }
}
