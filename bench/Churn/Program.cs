using System.Globalization;
using Wharf.Bench.Churn;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

// usage: churn|siege ADDRESS KEY PROCESS SECONDS
if (args is not [("churn" or "siege") and var mode, var address, var key, var process, var seconds])
{
    Console.Error.WriteLine("usage: churn|siege ADDRESS KEY PROCESS SECONDS");
    return 2;
}

var server = new ServerUnderTest(new Uri(address), key, int.Parse(process, CultureInfo.InvariantCulture));
var time = TimeSpan.FromSeconds(int.Parse(seconds, CultureInfo.InvariantCulture));
return await (mode == "churn" ? new ChurnRun(server).RunAsync(time) : new SiegeRun(server).RunAsync(time)) ? 0 : 1;
