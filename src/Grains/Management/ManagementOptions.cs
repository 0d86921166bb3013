using Microsoft.Extensions.Options;
using Wharf.Grains.Streams;
using Wharf.Plugins;
using Wharf.Protocol;

namespace Wharf.Grains.Management;

/// <summary>The sessions that may create and remove named objects. Section <c>Wharf:Objects</c>.</summary>
public sealed class ManagementOptions
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "Wharf:Objects";

    internal const string AnySession = "*";

    /// <summary>
    /// The sessions that may create and delete named objects: a user name, a login scheme and a name (<c>Basic:ann</c>), or <c>*</c> for every session,
    /// including anonymous ones. Without an entry, every session with credentials may. Objects of plugins need an own entry, <c>object:{type name}</c>.
    /// Only listed sessions and objects may replace and remove names that belong to others.
    /// </summary>
    public IList<string> Managers { get; } = [];

    /// <summary>Returns whether a caller may create and delete named objects.</summary>
    /// <param name="caller">The caller.</param>
    /// <returns>Whether the caller may.</returns>
    public bool Allows(Caller caller)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return Managers.Count == 0
            ? caller.SessionId.Length > 0 && caller.Scheme != LoginSchemes.Anonymous
            : IsListed(new CallerIdentity(caller.Identity, caller.SessionId, caller.Scheme));
    }

    /// <summary>Returns whether a caller is listed, and so may replace and remove names of others. Without entries no caller is listed.</summary>
    /// <param name="caller">The caller.</param>
    /// <returns>Whether an entry matches the caller.</returns>
    internal bool IsListed(CallerIdentity caller)
    {
        var isSession = caller.SessionId.Length > 0;
        return Managers.Any(manager => manager == $"{caller.Scheme}:{caller.Identity}"
            || (isSession && (manager == AnySession || (manager == caller.Identity && caller.Scheme != LoginSchemes.Anonymous))));
    }
}

/// <summary>Validates the settings; an error names the invalid one.</summary>
internal sealed class ManagementOptionsValidator : IValidateOptions<ManagementOptions>
{
    public ValidateOptionsResult Validate(string? name, ManagementOptions options)
    {
        List<string> wrong = [];
        for (var n = 0; n < options.Managers.Count; n++)
        {
            if (string.IsNullOrWhiteSpace(options.Managers[n]) || options.Managers[n] != options.Managers[n].Trim() || options.Managers[n].EndsWith(':') || options.Managers[n].StartsWith(':'))
                wrong.Add($"{ManagementOptions.Section}:{nameof(options.Managers)}:{n} is '{options.Managers[n]}', but must be a user, a login and a user (Basic:ann), or *");
        }

        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }
}
