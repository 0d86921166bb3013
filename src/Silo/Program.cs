using Wharf.Silo.Admin;
using Wharf.Silo.Commands;
using Wharf.Silo.Health;
using Wharf.Silo.Roles;
using Wharf.Silo.Start;
using Wharf.Silo.Start.StartOpts;
using Wharf.Silo.Stop;
using Wharf.Silo.Telemetry;

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
    builder.AddOrderlyStop();
    builder.AddRole(role);
    builder.AddHealth();
    builder.AddAdmin(role);
    builder.AddTelemetry(role);
    builder.AddStartReport(role);

    var app = builder.Build();
    app.UseAdmin();
    app.MapRole(role);
    app.MapHealth();
    return app;
}
