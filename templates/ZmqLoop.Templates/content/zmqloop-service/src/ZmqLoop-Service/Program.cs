using ZmqLoop_Service;

await Service.Build(args).RunAsync();
