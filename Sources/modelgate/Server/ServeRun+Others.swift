#if CLI && SQLite && Server
  import GateServer
  import LogAudit
  import Logging
  import PolicyEngine
  import SQLiteStore
  import ServiceLifecycle

  /// What a server needs besides a place to listen, as it was set.
  extension ServeRun {
    /// Where calls of models go.
    func upstream() throws(SettingFault) -> InferenceUpstream? {
      guard let url = settings["inference.url"] else { return nil }
      return try InferenceUpstream(url)
    }

    /// How others know this server.
    func identifier() throws(SettingFault) -> PDPIdentifier? {
      guard let url = settings["public_url"] else { return nil }
      do throws(WireFault) {
        return try PDPIdentifier(url)
      } catch {
        throw SettingFault("public_url", error.message)
      }
    }

    /// What is known of subjects and resources.
    func directory() throws(SettingFault) -> LiveDirectory {
      guard let path = settings["entities"] else { return LiveDirectory() }
      do throws(PolicyLoadError) {
        return try LiveDirectory { () throws(PolicyLoadError) in try Directory(folder: path) }
      } catch {
        throw SettingFault("entities", "entities can't be used: \(error)")
      }
    }

    /// Makes what signs the head of a store's log, if it is to be signed.
    func headSigner() throws(SettingFault) -> @Sendable (SQLiteStore, Logger) -> [any Service] {
      guard let heads = settings["log.heads"] else { return { _, _ in [] } }
      guard let key = settings["log.key"] else {
        throw SettingFault("log.key", "the log's heads are to be signed, but with which key?")
      }
      let seconds = try settings.whole("log.head_seconds") ?? 60
      #if Signing
        do {
          let signer = try Ed25519Signer(keyFile: key)
          return { store, logger in
            [
              HeadSigning(
                HeadExporter(file: heads, signer: signer, reading: store), seconds: seconds, logger)
            ]
          }
        } catch {
          throw SettingFault("log.key", "the log's heads can't be signed: \(error)")
        }
      #else
        throw SettingFault(
          "log.heads",
          "modelgate was built without the trait `Signing`: \(heads) can't be signed with \(key) every \(seconds) seconds"
        )
      #endif
    }
  }
#endif
