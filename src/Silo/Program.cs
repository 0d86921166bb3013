using System.Globalization;
using Wharf.Server;
using Wharf.Server.Roles;
using Wharf.Silo.Commands;
using Wharf.Silo.Start;
using Wharf.Silo.Start.StartOpts;

// A node behaves alike on every machine, whatever culture the environment sets there.
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.InvariantCulture;

return args switch
{
    [HashPasswordCommand.Name, .. var arguments] => HashPasswordCommand.Run(arguments, Console.In, Console.Out, Console.Error),
    [HealthCommand.Name] => await HealthCommand.RunAsync(Begin().Configuration, Console.Out, Console.Error),
    _ => await StartFailures.RunToExitCodeAsync(Compose),
};

// The settings that ship lie beside the executable, wherever it is started from.
WebApplicationBuilder Begin()
{
    var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
    builder.Configuration.AddDataFolder();
    return builder;
}

WebApplication Compose()
{
    var builder = Begin();
    builder.AddStartFailures();
    builder.AddStartOptions();
    var role = RoleSetting.Read(builder.Configuration);
    builder.AddServer(role, Console.Out);

    var app = builder.Build();
    app.MapServer(role);
    return app;
}
