using System.Collections.Frozen;
using Microsoft.Extensions.Options;
using Wharf.Grains.Streams;

namespace Wharf.Gateway.Authentication;

/// <summary>Allows the actions that the configured roles of a caller allow, and no others.</summary>
internal sealed class RoleAuthorizer : IAuthorizer
{
    private const string Exports = "export/";
    private const string BatchOperations = "batch/";
    private const string PluginScheme = "object";

    private readonly FrozenDictionary<string, Rights> _roles;

    public RoleAuthorizer(IOptions<AccessOptions> options) =>
        _roles = options.Value.Roles.ToFrozenDictionary(static role => role.Key, static role => new Rights(role.Value), StringComparer.Ordinal);

    public ValueTask<bool> IsAllowedAsync(CallerIdentity caller, string action, string target, CancellationToken cancellationToken) =>
        ValueTask.FromResult(IsOwn(action, target) || IsPlugin(caller) || IsGranted(caller, action, target));

    // Exports of a session need no further decision: the action that created them was authorized.
    private static bool IsOwn(string action, string target) =>
        action is GatewayActions.Connect or GatewayActions.Read or GatewayActions.Publish
            && (target.StartsWith(Exports, StringComparison.Ordinal) || target.StartsWith(BatchOperations, StringComparison.Ordinal));

    // Plugin code is part of the server. A session always has an id.
    private static bool IsPlugin(CallerIdentity caller) => caller.SessionId.Length == 0 && caller.Scheme == PluginScheme;

    private bool IsGranted(CallerIdentity caller, string action, string target)
    {
        foreach (var name in caller.Roles)
        {
            if (_roles.TryGetValue(name, out var rights) && rights.Allow(action, target))
                return true;
        }

        return false;
    }

    private sealed class Rights(RoleOptions role)
    {
        private readonly string[] _list = [.. role.List];
        private readonly string[] _connect = [.. role.Connect];
        private readonly string[] _read = [.. role.Read];
        private readonly string[] _create = [.. role.Create];
        private readonly string[] _publish = [.. role.Publish];
        private readonly string[] _delete = [.. role.Delete];
        private readonly string[] _run = [.. role.Run];

        public bool Allow(string action, string target) => action switch
        {
            // A caller that may see any entry may open the list.
            GatewayActions.List => target.Length == 0 ? _list.Length > 0 : Matches(_list, target),
            GatewayActions.Connect => Matches(_connect, target),
            GatewayActions.Read => Matches(_read, target),
            // A table without a name is an export of the session.
            GatewayActions.Create => Matches(_create, target.Length == 0 ? Exports : target),
            GatewayActions.Publish => Matches(_publish, target),
            GatewayActions.Delete => Matches(_delete, target),
            GatewayActions.Run => Matches(_run, target),
            _ => false,
        };

        private static bool Matches(string[] patterns, string target)
        {
            foreach (var pattern in patterns)
            {
                if (TargetPattern.Matches(pattern, target))
                    return true;
            }

            return false;
        }
    }
}
