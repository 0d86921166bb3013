using Microsoft.Extensions.Options;
using Wharf.Server.Cluster;

namespace Wharf.Server.Roles;

/// <summary>The setting <c>Wharf:Role</c>. It decides what the server is made of, so it is read before anything is.</summary>
internal static class RoleSetting
{
    public const string Key = "Wharf:Role";

    /// <summary>Reads it.</summary>
    /// <exception cref="OptionsValidationException">It is none, or one that a node without a cluster cannot have.</exception>
    public static NodeRole Read(IConfiguration configuration)
    {
        var text = configuration[Key];
        if (string.IsNullOrEmpty(text))
            return NodeRole.All;
        if (!Enum.TryParse<NodeRole>(text, ignoreCase: true, out var role) || !Enum.IsDefined(role) || char.IsAsciiDigit(text[0]))
            throw Wrong($"{Key} is '{text}', but must be all, silo or gateway");
        if (role != NodeRole.All && !MembershipOptions.Read(configuration).IsEnabled)
            throw Wrong($"{Key} is {text}, but there is no cluster: {MembershipOptions.Section}:{nameof(MembershipOptions.Redis)} is missing, or {nameof(MembershipOptions.Postgres)}");
        return role;
    }

    private static OptionsValidationException Wrong(string text) => new(Key, typeof(NodeRole), [text]);
}
