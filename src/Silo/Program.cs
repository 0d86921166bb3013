using System.Globalization;
using Wharf.Plugins.Hosting;
using Wharf.Server;
using Wharf.Server.Roles;
using Wharf.Silo;
using Wharf.Silo.Commands;
using Wharf.Silo.Start;
using Wharf.Silo.Start.StartOpts;

// The culture of the environment does not change the behaviour of a node.
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.InvariantCulture;

try
{
    switch (args)
    {
        case var _ when CommandLine.IsHelp(args):
            await Console.Out.WriteLineAsync(CommandLine.Help);
            return 0;
        case var _ when CommandLine.IsVersion(args):
            await Console.Out.WriteLineAsync(CommandLine.Version);
            return 0;
        case [HashPasswordCommand.Name, .. var arguments]:
            return HashPasswordCommand.Run(arguments, Console.In, Console.Out, Console.Error);
        case [HealthCommand.Name, .. var settings]:
            CommandLine.CheckSettings(settings);
            return await HealthCommand.RunAsync(CreateBuilder(settings).Configuration, Console.Out, Console.Error);
        default:
            CommandLine.CheckSettings(args);
            return await StartFailures.RunToExitCodeAsync(() => Compose(args));
    }
}
catch (CommandLineException wrong)
{
    await Console.Error.WriteLineAsync(wrong.Message);
    return CommandLine.UsageExitCode;
}
catch (FormatException wrong)
{
    // A folder or setting that cannot be read fails a command as it fails the start.
    await Console.Error.WriteLineAsync(wrong.Message);
    return 1;
}

// The default settings are beside the executable, not in the working directory.
WebApplicationBuilder CreateBuilder(string[] settings)
{
    var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = settings, ContentRootPath = AppContext.BaseDirectory });
    builder.Configuration.AddDataFolder();
    return builder;
}

WebApplication Compose(string[] settings)
{
    var builder = CreateBuilder(settings);
    builder.AddStartFailures();
    builder.AddStartOptions();
    builder.Services.AddSingleton<IThreadReplacement, ThreadPoolReplacement>();
    var role = RoleSetting.Read(builder.Configuration);
    builder.AddServer(role, Console.Out);

    var app = builder.Build();
    app.MapServer(role);
    return app;
}
