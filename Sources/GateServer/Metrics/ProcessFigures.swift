/// What the process uses, as far as its host tells.
public struct ProcessFigures: Sendable {
  /// Seconds of processor time, of user and system together.
  public var cpuSeconds: Double?
  /// Resident memory, in bytes.
  public var residentBytes: UInt64?
  /// Virtual memory, in bytes.
  public var virtualBytes: UInt64?
  /// Open file descriptors, and how many there may be.
  public var openFiles, maximumFiles: UInt64?
  /// When it began, in seconds since the Unix epoch.
  public var startTime: Double?

  /// Nothing is known.
  public init() {}

  func write(to text: inout MetricsText) {
    func gauge(_ name: String, _ help: String, _ value: Double?) {
      guard let value else { return }
      text.begin(name, .gauge, help)
      text.sample([], value)
    }
    if let cpuSeconds {
      text.begin("process_cpu_seconds_total", .counter, "Processor time, in seconds.")
      text.sample([], cpuSeconds)
    }
    gauge("process_resident_memory_bytes", "Resident memory.", residentBytes.map { Double($0) })
    gauge("process_virtual_memory_bytes", "Virtual memory.", virtualBytes.map { Double($0) })
    gauge("process_open_fds", "Open file descriptors.", openFiles.map { Double($0) })
    gauge(
      "process_max_fds", "File descriptors that may be open.", maximumFiles.map { Double($0) })
    gauge("process_start_time_seconds", "When the process began.", startTime)
  }
}
