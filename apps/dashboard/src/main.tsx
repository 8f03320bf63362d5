import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import 'uplot/dist/uPlot.min.css'
import './styles/ground.css'
import './styles/frame.css'
import './styles/panels.css'
import './styles/chart.css'
import './styles/ledger.css'

const root = document.getElementById('page')
if (root) createRoot(root).render(<App />)
