using Guide;
using Wharf.Server;

var options = new WharfServerOptions { PreSharedKey = "YOUR_PASSWORD_HERE", PluginsFolder = "" };
options.Plugins.Add(new ExampleServiceRegistration());

await using var server = await WharfServer.StartAsync(options);
server.Scope["example_service"] = new ExampleService();
Console.WriteLine($"Serving on port {server.Port}. Press Ctrl+C to stop.");
await server.WaitForShutdownAsync();
