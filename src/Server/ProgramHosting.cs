using Wharf.Gateway.Authentication;
using Wharf.Grains.Objects;
using Wharf.Plugins;
using Wharf.Plugins.Hosting;

namespace Wharf.Server;

/// <summary>What a program brings to its server.</summary>
internal static class ProgramHosting
{
    /// <summary>Adds its object types, its plugins and the objects that are there from the beginning.</summary>
    public static void AddProgram(this WebApplicationBuilder builder, WharfServerOptions options)
    {
        if (options.PluginsFolder is { Length: 0 })
            builder.Services.PostConfigure<PluginsOptions>(static plugins => plugins.HasFolders = false);
        if (options.Authorizer is { } authorizer)
            builder.Services.AddSingleton(authorizer);
        if (options.Types.Count > 0)
            builder.Services.AddBuiltInPlugin("program", new OwnTypes([.. options.Types]));
        foreach (var plugin in options.Plugins)
            builder.Services.AddBuiltInPlugin(plugin.GetType().Assembly.GetName().Name ?? "program", plugin);
        if (options.Scope.Count > 0)
            builder.Services.AddSingleton(new FirstObjects(options.Scope.ToArray()));
    }

    /// <summary>Adds what puts the first objects in their places; to be added when the silo and the configured objects start before it.</summary>
    public static void AddFirstObjects(this WebApplicationBuilder builder) => builder.Services.AddHostedService<FirstObjectsStart>();

    private sealed class OwnTypes(ObjectType[] types) : IPluginRegistration
    {
        public void RegisterInto(IPluginRegistry registry)
        {
            foreach (var type in types)
                registry.Register(type);
        }
    }
}

/// <summary>Objects of the program, by name.</summary>
internal sealed record FirstObjects(KeyValuePair<string, object>[] Objects);

/// <summary>Puts them in their places before the port opens.</summary>
internal sealed class FirstObjectsStart(IProgramObjects program, FirstObjects? first = null) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var (name, value) in first?.Objects ?? [])
            await program.SetAsync(name, value, cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
