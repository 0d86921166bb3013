using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using Wharf.Grains;
using Wharf.Grains.Fields;
using Wharf.Protocol;

namespace Wharf.Server.Hosting;

/// <summary>
/// The section <c>Wharf:Fields</c>: by name, the <c>Type</c> of an object, its <c>Description</c>, the name of the <c>Application</c>, and its <c>Arguments</c>. A name is
/// that of a scope variable, or <c>app/{application}/field/{field}</c>. An empty type removes an entry of another configuration source.
/// </summary>
internal sealed class ConfiguredObjects
{
    public const string Section = "Wharf:Fields";

    /// <summary>Reads the section.</summary>
    /// <exception cref="OptionsValidationException">The section is invalid; the message contains all errors.</exception>
    public ConfiguredObjects(IConfigurationSection section)
    {
        var wrong = new List<string>();
        Fields = [.. section.GetChildren().Where(field => field["Type"] != "").Select(field => Read(field, wrong)).OfType<FieldConfiguration>()];
        if (wrong.Count > 0)
            throw new OptionsValidationException(Section, typeof(ConfiguredObjects), wrong);
    }

    public ImmutableArray<FieldConfiguration> Fields { get; }

    private static FieldConfiguration? Read(IConfigurationSection field, List<string> wrong)
    {
        if (field["Type"] is not { } type)
        {
            wrong.Add($"{field.Path}:Type is missing");
            return null;
        }

        if (FieldNames.TicketOf(field.Key) is not { } ticket)
        {
            wrong.Add($"{Section}:{NameRules.Shown(field.Key)} must be the name of a variable or app/{{application}}/field/{{field}}");
            return null;
        }

        if (FindProblem(field, ticket, type) is { } problem)
        {
            wrong.Add($"{Section}:{NameRules.Shown(field.Key)}: {problem}");
            return null;
        }

        return new FieldConfiguration(ticket.Canonical, field["Application"] ?? "", field["Description"] ?? "", type, Arguments(field.GetSection("Arguments")));
    }

    private static string? FindProblem(IConfigurationSection field, Ticket ticket, string type)
    {
        try
        {
            FieldNames.Parse(ticket.Canonical).RequireValid();
        }
        catch (FaultException wrong)
        {
            return wrong.Message;
        }

        return NameRules.FindProblem(type, "type name") ?? (field["Application"] is { Length: > 0 } application ? NameRules.FindProblem(application, "application name") : null);
    }

    private static Dictionary<string, string?> Arguments(IConfigurationSection arguments) =>
        arguments.AsEnumerable(makePathsRelative: true).Where(entry => entry.Key.Length > 0).ToDictionary(entry => entry.Key, entry => entry.Value);
}
