using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Wharf.Server.Roles;
using Wharf.Server.Settings;

namespace Wharf.Server.Tests;

/// <summary>docs/settings.md is generated from the options and their documentation; WHARF_WRITE_DOCS=1 writes it.</summary>
public sealed partial class SettingsPage
{
    private static readonly Dictionary<Assembly, XDocument> Documentation = [];

    private static readonly Dictionary<string, string> WithoutOptions = new(StringComparer.Ordinal)
    {
        ["Wharf:Role"] = "The role of the node: `all`, `silo` or `gateway`; see [Several nodes](cluster.md).",
        ["Wharf:Data"] = "A folder with `settings.json` and `users`; see [Deploying](deploy.md). `/data` in the image.",
        ["Wharf:Fields:{name}:Type"] = "The object type of a named object. The name is that of a variable, or `app/{application}/field/{field}`. An empty type removes an object that another source of the configuration has.",
        ["Wharf:Fields:{name}:Arguments:**"] = "The arguments of the object.",
        ["Wharf:Fields:{name}:Description"] = "The description of the field of an application.",
        ["Wharf:Fields:{name}:Application"] = "The name of the application.",
        ["Wharf:Plugins:Settings:{type}:**"] = "The settings of an object type, which its plugin reads.",
    };

    private static readonly Dictionary<string, string> OtherDefaults = new(StringComparer.Ordinal)
    {
        ["Wharf:Port"] = "10000; 443 with TLS",
        ["Wharf:Plugins:Folder"] = "`plugins`",
        ["Wharf:Plugins:UserFolder"] = "`~/.local/share/wharf/plugins`",
        ["Wharf:Plugins:Pool:MinThreads"] = "the number of processors, at least 4",
        ["Wharf:Node:ClientPort"] = "0; 30000 on a silo without a gateway",
        ["Wharf:Auth:Psk"] = "random, printed at the start, if there is no other login",
        ["Wharf:Auth:TokenKey:{n}"] = "random",
        ["Wharf:Memory:LimitBytes"] = "the heap limit",
        ["Wharf:Memory:SessionTableBytes"] = "half of the limit",
        ["Wharf:Memory:PrincipalTableBytes"] = "three quarters of the limit",
        ["Wharf:Memory:SessionUploadBytes"] = "a quarter of the limit",
        ["Wharf:Memory:SessionQueueBytes"] = "an eighth of the limit",
        ["Wharf:Objects:Managers:{n}"] = "every session with credentials",
    };

    [Fact]
    public void The_page_is_up_to_date()
    {
        var (file, page) = (Path.Combine(Checkout(), "docs", "settings.md"), Page());
        if (Environment.GetEnvironmentVariable("WHARF_WRITE_DOCS") == "1")
            File.WriteAllText(file, page);
        Assert.Equal(page, File.ReadAllText(file));
    }

    [Fact]
    public void The_table_of_the_readme_names_only_settings_that_exist()
    {
        var rows = Rows(Path.Combine(Checkout(), "README.md")).ToList();
        Assert.NotEmpty(rows);
        Assert.All(rows, static path => Assert.True(KnownSettings.Find(path.Split(':')) is not null, $"README.md names {path}, which does not exist"));
    }

    [Fact]
    public void The_table_of_the_cluster_page_has_every_setting_of_a_cluster()
    {
        var rows = Rows(Path.Combine(Checkout(), "docs", "cluster.md")).Concat(Rows(Path.Combine(Checkout(), "docs", "deploy.md"))).ToList();
        foreach (var setting in KnownSettings.All.Where(static setting => setting.Path.StartsWith("Wharf:Cluster:", StringComparison.Ordinal)))
            Assert.True(rows.Any(path => setting.Matches(path.Split(':'))), $"docs/cluster.md does not name {setting.Path}");
    }

    [Theory]
    [InlineData(NodeRole.All)]
    [InlineData(NodeRole.Silo)]
    [InlineData(NodeRole.Gateway)]
    internal void Every_type_that_the_configuration_is_bound_to_is_listed(NodeRole role)
    {
        var builder = Microsoft.AspNetCore.Builder.WebApplication.CreateSlimBuilder();
        builder.Configuration["Wharf:Cluster:Redis"] = "127.0.0.1:1";
        builder.AddServer(role, TextWriter.Null);
        var bound = builder.Services.Select(static service => service.ServiceType)
            .Where(static type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IOptionsChangeTokenSource<>))
            .Select(static type => type.GetGenericArguments()[0])
            .Where(static type => type.Namespace?.StartsWith("Wharf.", StringComparison.Ordinal) == true).Distinct().ToList();
        Assert.NotEmpty(bound);
        Assert.Empty(bound.Except(KnownSettings.Sections.Select(static section => section.Options)));
    }

    private static string Page()
    {
        var page = new StringBuilder();
        page.Append("""
            # Settings

            Generated from the options by `tests/Server.Tests/SettingsPage.cs` (`WHARF_WRITE_DOCS=1` writes it).

            A setting comes from `appsettings.json` beside the executable, from `settings.json` in the data folder, from the environment or from the command line; a later source overrides an earlier one.
            In the environment two underscores stand for each colon: `Wharf:Auth:Psk` is `Wharf__Auth__Psk`, `Wharf:Auth:TokenKey:{n}` is `Wharf__Auth__TokenKey__0`, `Wharf__Auth__TokenKey__1` and so on.
            On the command line it is `--Wharf:Auth:Psk=...`.

            | value | form |
            |---|---|
            | text | any |
            | number | decimal digits without a unit: `1048576`, not `1MB` |
            | time | `hours:minutes:seconds`, as in `00:00:05` and `00:00:00.250`, or `days.hours:minutes:seconds`; at most 24 days. A bare number is refused, because it could be seconds or days |
            | true or false | `true`, `false` |

            All settings are checked at the start. An invalid value ends the start, and the error names the setting. A setting that does not exist causes a warning with the nearest one.
            Kestrel's own settings (`Kestrel:Endpoints`, `ASPNETCORE_URLS`) do not apply: `Wharf:Address`, `Wharf:Port` and `Wharf:Tls` configure the port.

            """.ReplaceLineEndings("\n"));
        string? section = null;
        foreach (var setting in KnownSettings.All)
        {
            var parts = setting.Path.Split(':');
            var own = parts.Length == 2 ? "Wharf" : $"Wharf:{parts[1]}";
            if (own != section)
                page.Append(CultureInfo.InvariantCulture, $"\n## {own}\n\n| setting | value | default | |\n|---|---|---|---|\n");
            section = own;
            page.Append(CultureInfo.InvariantCulture, $"| `{setting.Path}` | {Form(setting.Type)} | {Default(setting)} | {Description(setting)} |\n");
        }

        return page.ToString();
    }

    private static string Form(Type type)
    {
        var value = Nullable.GetUnderlyingType(type) ?? type;
        return value == typeof(TimeSpan) ? "time" : value == typeof(bool) ? "true or false" : value == typeof(string) ? "text"
            : value.IsEnum ? string.Join(", ", Enum.GetNames(value).Select(static name => $"`{name.ToLowerInvariant()}`"))
            : "number";
    }

    private static string Default(Setting setting) => OtherDefaults.TryGetValue(setting.Path, out var other) ? other : setting.Default switch
    {
        null or "" => "none",
        TimeSpan { Days: > 0 } time => time.ToString("c", CultureInfo.InvariantCulture),
        TimeSpan time => time.ToString(time.Milliseconds == 0 ? @"hh\:mm\:ss" : @"hh\:mm\:ss\.fff", CultureInfo.InvariantCulture),
        bool flag => flag ? "true" : "false",
        string text => $"`{text}`",
        Enum name => $"`{name.ToString().ToLowerInvariant()}`",
        var number => Convert.ToString(number, CultureInfo.InvariantCulture)!,
    };

    private static string Description(Setting setting)
    {
        if (setting.Owner is not { } owner)
            return WithoutOptions[setting.Path];
        if (!Documentation.TryGetValue(owner.Assembly, out var documentation))
            Documentation[owner.Assembly] = documentation = XDocument.Load(Path.ChangeExtension(owner.Assembly.Location, ".xml"));
        var member = documentation.Descendants("member").Single(member => (string?)member.Attribute("name") == $"P:{owner.FullName}.{setting.Property}");
        var text = string.Concat(member.Element("summary")!.Nodes().Select(static node => node switch
        {
            XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
            XElement { Name.LocalName: "see" } reference => $"`{((string)reference.Attribute("cref")!).Split('.', ':')[^1]}`",
            _ => node.ToString(),
        }));
        return White().Replace(System.Net.WebUtility.HtmlDecode(text), " ").Trim().Replace("|", "\\|", StringComparison.Ordinal);
    }

    /// <summary>Returns the settings in the first column of the tables. A name without a section belongs to the section of the previous one.</summary>
    private static IEnumerable<string> Rows(string file)
    {
        foreach (var line in File.ReadLines(file).Where(static line => line.StartsWith("| `Wharf:", StringComparison.Ordinal)))
        {
            string? section = null;
            foreach (var name in Code().Matches(line.Split('|')[1]).Select(static match => match.Groups[1].Value).Where(static name => !name.Contains("__", StringComparison.Ordinal) && name != "..."))
            {
                var isWhole = section is null || name.StartsWith("Wharf:", StringComparison.Ordinal);
                var path = isWhole ? name : name.StartsWith(':') ? section + name : $"{section}:{name}";
                section ??= path[..path.LastIndexOf(':')];
                yield return path.Replace("{name}", "name", StringComparison.Ordinal).Replace("{type}", "type", StringComparison.Ordinal)
                    .Replace("{n}", "0", StringComparison.Ordinal);
            }
        }
    }

    private static string Checkout()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "global.json")))
            folder = folder.Parent!;
        return folder.FullName;
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex White();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();
}
