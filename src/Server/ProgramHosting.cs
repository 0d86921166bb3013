using Wharf.Gateway.Authentication;
using Wharf.Grains.Objects;
using Wharf.Plugins;
using Wharf.Plugins.Hosting;

namespace Wharf.Server;

/// <summary>Adds the types, plugins and objects of a program to its server.</summary>
internal static class ProgramHosting
{
    /// <summary>Adds the object types, the plugins and the initial objects of the program.</summary>
    public static void AddProgram(this WebApplicationBuilder builder, WharfServerOptions options)
    {
        if (options.PluginsFolder is { Length: 0 })
            builder.Services.PostConfigure<PluginsOptions>(static plugins => plugins.HasFolders = false);
        if (options.Authorizer is { } authorizer)
            builder.Services.AddSingleton(authorizer);
        if (options.Types.Count > 0)
            builder.Services.AddBuiltInPlugin("program", new ProgramTypes([.. options.Types]));
        foreach (var plugin in options.Plugins)
            builder.Services.AddBuiltInPlugin(plugin.GetType().Assembly.GetName().Name ?? "program", plugin);
        if (options.Scope.Count > 0)
            builder.Services.AddSingleton(new InitialObjects(options.Scope.ToArray()));
    }

    /// <summary>Adds the service that publishes the initial objects. It must be added after the silo and the configured objects.</summary>
    public static void AddInitialObjects(this WebApplicationBuilder builder) => builder.Services.AddHostedService<InitialObjectsStart>();

    private sealed class ProgramTypes(ObjectType[] types) : IPluginRegistration
    {
        public void RegisterInto(IPluginRegistry registry)
        {
            foreach (var type in types)
                registry.Register(type);
        }
    }
}

/// <summary>The initial objects of the program, by name.</summary>
internal sealed record InitialObjects(KeyValuePair<string, object>[] Objects);

/// <summary>Publishes the initial objects before the port is opened.</summary>
internal sealed class InitialObjectsStart(IProgramObjects program, InitialObjects? first = null) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var (name, value) in first?.Objects ?? [])
            await program.SetAsync(name, value, cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
