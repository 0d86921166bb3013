using System.Reflection;
using Wharf.Tables;

namespace Wharf.Plugins;

/// <summary>Extension methods for table operations.</summary>
public static class TableExtensions
{
    /// <summary>Adds or replaces columns.</summary>
    /// <param name="table">The table.</param>
    /// <param name="columns">Formulas, <c>Name = expression</c>.</param>
    /// <param name="parameters">
    /// Values that the formulas may use by name: the properties of this object, usually an anonymous one such as <c>new { data }</c>, or the entries of a dictionary. The values are
    /// strings, numbers, booleans and <see cref="DateTimeOffset"/>.
    /// </param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The new table.</returns>
    /// <exception cref="PluginException">A formula is invalid.</exception>
    public static ValueTask<ITable> UpdateAsync(
        this ITable table, IReadOnlyList<string> columns, object? parameters = null, CancellationToken cancellationToken = default) =>
        table.RunAsync(new SelectOrUpdate(SelectKind.Update, columns) { Parameters = Named(parameters) }, cancellationToken: cancellationToken);

    /// <summary>Keeps only the given columns.</summary>
    /// <param name="table">The table.</param>
    /// <param name="columns">Formulas or plain names.</param>
    /// <param name="parameters">As in <see cref="UpdateAsync"/>.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The new table.</returns>
    /// <exception cref="PluginException">A formula is invalid.</exception>
    public static ValueTask<ITable> ViewAsync(
        this ITable table, IReadOnlyList<string> columns, object? parameters = null, CancellationToken cancellationToken = default) =>
        table.RunAsync(new SelectOrUpdate(SelectKind.View, columns) { Parameters = Named(parameters) }, cancellationToken: cancellationToken);

    private static Dictionary<string, FormulaParameter> Named(object? parameters) => parameters switch
    {
        null => [],
        IEnumerable<KeyValuePair<string, object?>> pairs => pairs.ToDictionary(pair => pair.Key, pair => FormulaParameter.From(pair.Value)),
        _ => parameters.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .ToDictionary(property => property.Name, property => FormulaParameter.From(property.GetValue(parameters))),
    };
}
