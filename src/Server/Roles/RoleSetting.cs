using Microsoft.Extensions.Options;
using Wharf.Server.Cluster;

namespace Wharf.Server.Roles;

/// <summary>The setting <c>Wharf:Role</c>. It is read before services are added, because it decides which ones are.</summary>
internal static class RoleSetting
{
    public const string Key = "Wharf:Role";

    /// <summary>Reads the role.</summary>
    /// <exception cref="OptionsValidationException">The value is not a role, or the role needs a cluster that is not configured.</exception>
    public static NodeRole Read(IConfiguration configuration)
    {
        var text = configuration[Key];
        if (string.IsNullOrEmpty(text))
            return NodeRole.All;
        if (!Enum.TryParse<NodeRole>(text, ignoreCase: true, out var role) || !Enum.IsDefined(role) || char.IsAsciiDigit(text[0]))
            throw Wrong($"{Key} is '{text}', but must be all, silo or gateway");
        if (role != NodeRole.All && !MembershipOptions.Read(configuration).IsEnabled)
            throw Wrong($"{Key} is {text}, but there is no cluster: {MembershipOptions.Section}:{nameof(MembershipOptions.Redis)} or {nameof(MembershipOptions.Postgres)} must be set");
        return role;
    }

    private static OptionsValidationException Wrong(string text) => new(Key, typeof(NodeRole), [text]);
}
