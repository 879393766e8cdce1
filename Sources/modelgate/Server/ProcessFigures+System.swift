#if CLI && SQLite && Server
  import GateServer

  extension ProcessFigures {
    /// What this process uses, where the system tells it in `/proc` (proc(5)).
    static func ofThisProcess() -> ProcessFigures {
      var figures = ProcessFigures()
      // Behind the name in parentheses come the numbers, from the third field on.
      guard let fields = text("/proc/self/stat")?.split(separator: ")").last?.split(separator: " "),
        fields.count > 21
      else { return figures }
      let ticks = 100.0
      if let user = Double(fields[11]), let system = Double(fields[12]) {
        figures.cpuSeconds = (user + system) / ticks
      }
      figures.virtualBytes = UInt64(fields[20])
      figures.residentBytes = UInt64(fields[21]).map { $0 * 4_096 }
      if let boot = bootTime, let start = Double(fields[19]) {
        figures.startTime = boot + start / ticks
      }
      return figures
    }

    private static var bootTime: Double? {
      text("/proc/stat")?.split(separator: "\n").first { $0.hasPrefix("btime ") }
        .flatMap { Double($0.dropFirst(6)) }
    }

    private static func text(_ path: String) -> String? {
      var bytes: [UInt8] = []
      guard let file = try? InputFile(path), (try? file.read(64 << 10, onto: &bytes)) != nil else {
        return nil
      }
      return String(decoding: bytes, as: UTF8.self)
    }
  }
#endif
