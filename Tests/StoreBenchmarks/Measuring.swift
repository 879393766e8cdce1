#if SQLite
  /// What rounds took.
  struct Rounds {
    private(set) var seconds: [Double] = []

    mutating func time(_ body: () async throws -> Void) async rethrows {
      let clock = ContinuousClock()
      let start = clock.now
      try await body()
      let (whole, part) = start.duration(to: clock.now).components
      seconds.append(Double(whole) + Double(part) / 1e18)
    }

    var best: Double { seconds.min() ?? 0 }
    var median: Double { seconds.sorted()[seconds.count / 2] }

    /// Operations a second, if a round does so many.
    func tell(_ name: String, operations: Int) {
      func rate(_ seconds: Double) -> String { "\(Int(Double(operations) / seconds))/s" }
      print("| \(name) | \(rate(best)) | \(rate(median)) | \(rate(seconds.max() ?? 0)) |")
    }

    /// Microseconds of a round.
    func tell(_ name: String) {
      func time(_ seconds: Double) -> String { "\(Int(seconds * 1e6)) µs" }
      print("| \(name) | \(time(best)) | \(time(median)) | \(time(seconds.max() ?? 0)) |")
    }
  }

  func ratio(_ name: String, _ one: Double, _ other: Double) {
    print("| \(name) | \(Double(Int(one / other * 100)) / 100) | | |")
  }
#endif
