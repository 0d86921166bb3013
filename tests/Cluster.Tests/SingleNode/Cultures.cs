using System.Text;
using Apache.Arrow;
using Wharf.Client;
using Wharf.Processes;
using Wharf.Protocol;

namespace Wharf.Cluster.Tests.SingleNode;

/// <summary>A server with a language in its environment.</summary>
public sealed class Cultures
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("C.UTF-8")]
    [InlineData("de_DE.UTF-8")]
    [InlineData("tr_TR.UTF-8")]
    [InlineData("sv_SE.UTF-8")]
    public async Task A_server_answers_alike_and_its_plugins_have_every_culture(string language)
    {
        await using var server = await ServerProcess.StartAsync(
            new Dictionary<string, string?>
            {
                ["LANG"] = language,
                ["LC_ALL"] = language,
                ["Wharf__Plugins__Folder"] = Path.Combine(AppContext.BaseDirectory, "plugins"),
                ["Wharf__Fields__stubborn__Type"] = "",
                ["Wharf__Fields__translated__Type"] = "Translated",
            },
            Token);
        await using var session = await Session.ConnectAsync(server.Address, Wire.Login, cancellationToken: Token);

        await using var empty = await session.EmptyTableAsync(1, Token);
        await using var table = await empty.UpdateAsync(
            ["A = `` + (-1.5 * (i + 1)) + `|` + `TITLE`.toLowerCase() + `|` + parseDouble(`2.5`) + `|` + '-PT3H'"], Token);
        var batches = new List<RecordBatch>();
        await foreach (var batch in table.ReadBatchesAsync(Token))
            batches.Add(batch);
        Assert.Equal("-1.5|title|2.5|PT-3H", ((StringArray)Assert.Single(batches).Column(0)).GetString(0));

        var failed = await Assert.ThrowsAsync<WharfException>(() => session.EmptyTableAsync(-5, Token));
        Assert.Contains("found: -5", failed.Message, StringComparison.Ordinal);

        var translated = await session.FetchObjectAsync(new(new ScopeTicket("translated"), "Translated"), Token);
        Assert.Equal("-1.5|Hello|Guten Tag|Hello|März", Encoding.UTF8.GetString(translated.Payload.Span));
    }
}
