#if CLI && SQLite
  public import ArgumentParser
  public import ModelRegistry

  extension TrainedModel.ModelType: ExpressibleByArgument {}
  extension Deployment.State: ExpressibleByArgument {}
  extension RegistrySetting: ExpressibleByArgument {}
#endif
