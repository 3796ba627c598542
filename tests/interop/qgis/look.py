"""What QGIS makes of our interfaces: reads {url, user, token, collections, tiles, window} from standard input, writes what it saw as JSON.
Judges nothing: qgis.test.ts does. Needs Debian's python3-qgis and qgis-providers."""
import json
import sys
from urllib.parse import quote

from qgis.core import (
    Qgis, QgsApplication, QgsAuthMethodConfig, QgsCoordinateReferenceSystem, QgsCoordinateTransform, QgsDataSourceUri, QgsFeatureRequest, QgsFillSymbol,
    QgsMapRendererSequentialJob, QgsMapSettings, QgsMarkerSymbol, QgsMessageLog, QgsProject, QgsRectangle, QgsVectorLayer, QgsVectorTileBasicRenderer,
    QgsVectorTileBasicRendererStyle, QgsVectorTileLayer, QgsWkbTypes,
)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor

UTM32 = QgsCoordinateReferenceSystem('EPSG:25832')
TRIAL = 'heard'  # what QGIS is made to complain of, so that its silence tells something


def listen(app):
    """What QGIS writes in its log of messages from now on."""
    said = []
    app.messageLog().messageReceived.connect(lambda text, tag, level: level in (Qgis.Warning, Qgis.Critical) and said.append(f'{tag}: {text}'))
    QgsMessageLog.logMessage(TRIAL, 'FDVU', Qgis.Warning)
    return said


def log_in(user, token):
    """As people do it in the dialogue of a connection: Basic, any name, the token as password."""
    manager = QgsApplication.authManager()
    manager.setMasterPassword('prøve', True)
    config = QgsAuthMethodConfig('Basic')
    config.setName('FDVU')
    config.setConfig('username', user)
    config.setConfig('password', token)
    stored, config = manager.storeAuthenticationConfig(config)
    assert stored, 'QGIS keeps no log-ins here'
    return config.id()


def to_utm(crs):
    return QgsCoordinateTransform(crs, UTM32, QgsProject.instance())


def box(rectangle):
    return [rectangle.xMinimum(), rectangle.yMinimum(), rectangle.xMaximum(), rectangle.yMaximum()]


def spot(feature, transform):
    """The middle of a feature's bounding box in EPSG:25832."""
    if feature.geometry().isNull():
        return None
    shape = feature.geometry()
    shape.transform(transform)
    middle = shape.boundingBox().center()
    return [middle.x(), middle.y()]


def open_layer(url, auth, collection, srs=''):
    source = QgsDataSourceUri()
    source.setParam('url', url + '/ogc')
    source.setParam('typename', collection)
    source.setParam('pagingEnabled', 'default')
    source.setParam('restrictToRequestBBOX', '1')
    if srs:
        source.setParam('srsname', srs)
    if auth:
        source.setAuthConfigId(auth)
    return QgsVectorLayer(source.uri(False), collection, 'OAPIF')


def look_at_layer(url, auth, asked):
    layer = open_layer(url, auth, asked['name'], asked.get('srs', ''))
    if not layer.isValid():
        return {'valid': False}
    transform = to_utm(layer.crs())
    request = QgsFeatureRequest()
    features = {f['id']: f for f in layer.getFeatures(request)}
    seen = {
        'valid': True, 'crs': layer.crs().authid(), 'type': QgsWkbTypes.displayString(layer.wkbType()), 'extent': box(transform.transformBoundingBox(layer.extent())),
        'fields': {f.name(): f.typeName() for f in layer.fields()}, 'count': layer.featureCount(), 'read': len(features),
        'spots': {key: spot(f, transform) for key, f in features.items()},
    }
    for name in asked.get('values', []):
        seen.setdefault('values', {})[name] = {key: f[name] for key, f in features.items() if isinstance(f[name], (int, float))}
    if 'box' in asked:
        wanted = transform.transformBoundingBox(QgsRectangle(*asked['box']), QgsCoordinateTransform.ReverseTransform)
        fresh = open_layer(url, auth, asked['name'], asked.get('srs', ''))
        seen['in_box'] = [f['id'] for f in fresh.getFeatures(QgsFeatureRequest().setFilterRect(wanted).setFlags(QgsFeatureRequest.ExactIntersect))]
    if 'where' in asked:
        seen['where'] = [f['id'] for f in layer.getFeatures(QgsFeatureRequest().setFilterExpression(asked['where']))]
        fresh = open_layer(url, auth, asked['name'], asked.get('srs', ''))
        seen['subset_taken'] = fresh.setSubsetString(asked['where'])
        seen['subset'] = [f['id'] for f in fresh.getFeatures()]
    return seen


def style_for(layer_name):
    """Draws one layer of the tiles in red, whatever its shapes are."""
    styles = []
    for geometry, symbol in ((QgsWkbTypes.PolygonGeometry, QgsFillSymbol.createSimple({'color': 'red', 'outline_style': 'no'})),
                             (QgsWkbTypes.PointGeometry, QgsMarkerSymbol.createSimple({'color': 'red', 'outline_style': 'no', 'size': '4'}))):
        style = QgsVectorTileBasicRendererStyle(layer_name, layer_name, geometry)
        style.setSymbol(symbol)
        style.setEnabled(True)
        styles.append(style)
    renderer = QgsVectorTileBasicRenderer()
    renderer.setStyles(styles)
    return renderer


def draw(layer, window, metres_a_pixel):
    """The picture of a square window, [west, south, east, north] in EPSG:25832: how much of it is red, in square metres, and where the middle of that is."""
    settings = QgsMapSettings()
    settings.setDestinationCrs(UTM32)
    settings.setExtent(QgsRectangle(*window))
    side = int((window[2] - window[0]) / metres_a_pixel)
    settings.setOutputSize(QSize(side, side))
    settings.setBackgroundColor(QColor(255, 255, 255))
    settings.setLayers([layer])
    job = QgsMapRendererSequentialJob(settings)
    job.start()
    job.waitForFinished()
    image = job.renderedImage()
    # White is nothing, red all; a pixel on an edge is in between.
    red = [(x, y, 1 - image.pixelColor(x, y).greenF()) for y in range(image.height()) for x in range(image.width()) if image.pixelColor(x, y).green() < 255]
    weight = sum(part for _, _, part in red)
    seen = {'red_m2': weight * metres_a_pixel ** 2, 'errors': [e.message for e in job.errors()], 'middle': None}
    if red:
        seen['middle'] = [window[0] + (sum(x * part for x, _, part in red) / weight + 0.5) * metres_a_pixel,
                          window[3] - (sum(y * part for _, y, part in red) / weight + 0.5) * metres_a_pixel]
    return seen


def look_at_tiles(auth, asked):
    """A layer of vector tiles as `New generic connection` makes it of a template with {z}, {x} and {y}."""
    source = f"type=xyz&url={quote(asked['template'], safe='')}&zmin={asked['minzoom']}&zmax={asked['maxzoom']}" + (f'&authcfg={auth}' if auth else '')
    layer = QgsVectorTileLayer(source, 'fdvu')
    if not layer.isValid():
        return {'valid': False}
    seen = {'valid': True, 'crs': layer.crs().authid(), 'zooms': [layer.sourceMinZoom(), layer.sourceMaxZoom()], 'layers': {}}
    for wanted in asked['layers']:
        layer.setRenderer(style_for(wanted['name']))
        seen['layers'][wanted['name']] = draw(layer, wanted['window'], wanted['metres_a_pixel'])
    return seen


def main():
    asked = json.load(sys.stdin)
    QgsApplication.setPrefixPath('/usr', True)
    app = QgsApplication([], False)
    app.initQgis()
    said = listen(app)
    auth = log_in(asked['user'], asked['token']) if asked.get('token') else ''
    seen = {'collections': {c['name'] + c.get('srs', ''): look_at_layer(asked['url'], auth, c) for c in asked['collections']},
            'tiles': [look_at_tiles(auth, t) for t in asked['tiles']]}
    app.processEvents()
    seen['said'] = said
    json.dump(seen, sys.stdout, ensure_ascii=False)
    sys.stdout.flush()
    app.exitQgis()


main()
